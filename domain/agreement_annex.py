"""The annex of a loan contract: all that was agreed, in Chinese and English beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.accounts.agreed import order_of
from domain.accounts.terms import AllocationRule, LatenessTerms
from domain.rates import FloatingRate, Repricing
from domain.repayments import Bucket
from domain.schedules import HolidayRule, MonthEnd, PeriodUnit
from domain.schedules.plan import RepaymentPlan

_UNITS: Mapping[PeriodUnit, tuple[str, str]] = {
    PeriodUnit.DAY: ("天", "day(s)"),
    PeriodUnit.WEEK: ("周", "week(s)"),
    PeriodUnit.MONTH: ("个月", "month(s)"),
    PeriodUnit.QUARTER: ("个季度", "quarter(s)"),
    PeriodUnit.YEAR: ("年", "year(s)"),
}
_HOLIDAYS: Mapping[HolidayRule, str] = {
    HolidayRule.NONE: "不顺延 the due date stays",
    HolidayRule.FOLLOWING: "顺延至下一工作日,其间照常计息,不计逾期 "
    "the next working day; interest runs on, no day counts as late",
}
_MONTH_ENDS: Mapping[MonthEnd, str] = {
    MonthEnd.LAST_DAY: "当月最后一日 that month's last day",
    MonthEnd.FIRST_OF_NEXT: "次月第一日 the first day of the next month",
}
_REPRICINGS: Mapping[Repricing, str] = {
    Repricing.MONTHLY: "自放款日起每1个月 every month from the drawdown",
    Repricing.QUARTERLY: "自放款日起每3个月 every 3 months from the drawdown",
    Repricing.HALF_YEARLY: "自放款日起每6个月 every 6 months from the drawdown",
    Repricing.YEARLY: "自放款日起每12个月 every 12 months from the drawdown",
    Repricing.NEW_YEAR: "每年1月1日 each 1 January",
}
_BUCKETS: Mapping[Bucket, tuple[str, str]] = {
    Bucket.FEE: ("费用", "fees"),
    Bucket.PENALTY: ("罚息", "penalty interest"),
    Bucket.COMPOUND: ("复利", "compound interest"),
    Bucket.INTEREST: ("利息", "interest"),
    Bucket.PRINCIPAL: ("本金", "principal"),
}


@dataclass(frozen=True, kw_only=True)
class AgreedTerms:
    """What the annex says. Amounts in `currency`; shares and rates are fractions.

    `index_zh` and `index_en` name the index of a floating rate; `drawdowns` and
    `availability_months` what the product allows where the loan is drawn in parts.
    """

    plan: RepaymentPlan
    method: str
    currency: str
    instalments: int
    yearly_rate: Decimal
    lateness: LatenessTerms
    allocation: AllocationRule
    non_accrual_allocation: AllocationRule
    prepays_free: bool
    drawdowns: int = 1
    availability_months: int = 0
    floating: FloatingRate | None = None
    index_zh: str = ""
    index_en: str = ""


def annex(agreed: AgreedTerms) -> str:
    """The annex's exact text, a line for each thing agreed."""
    parts = (
        ("一、还款计划 Repayment plan", _plan(agreed)),
        ("二、利率 Interest rate", _rate(agreed)),
        ("三、逾期与挪用 Late and misused money", _late(agreed)),
        ("四、还款冲销顺序 Order in which money is set off", _orders(agreed)),
        ("五、提前还款 Prepayment", _prepayment(agreed)),
    )
    blocks = ("\n".join((title, *lines)) for title, lines in parts)
    return "附件:约定条款 Annex: what is agreed\n\n" + "\n\n".join(blocks) + "\n"


def _plan(agreed: AgreedTerms) -> Iterator[str]:
    plan = agreed.plan
    yield f"还款方式 Method: {agreed.method}"
    if not plan.custom:
        zh, en = _UNITS[plan.unit]
        yield f"还款周期 Period: 每 {plan.every} {zh} every {plan.every} {en}"
    yield f"期数 Instalments: {agreed.instalments}"
    yield from _dates(plan)
    yield f"计息天数 Day count: {plan.day_count.value}"
    yield f"到期日逢非工作日 A due date on a day off: {_HOLIDAYS[plan.holiday]}"
    yield from _graces(plan)
    yield from _amounts(agreed)
    yield from _drawdowns(agreed)


def _dates(plan: RepaymentPlan) -> Iterator[str]:
    if plan.settlement_day:
        paid = plan.settlement_day + 1
        yield (
            f"结息日 Settlement day: 每期末月 {plan.settlement_day} 日结息,{paid} 日付息 "
            f"settled on day {plan.settlement_day} of the period's last month, paid on day {paid}"
        )
    if plan.first_due_on:
        yield f"首个还款日 First due date: {plan.first_due_on.isoformat()}"
    if plan.custom:
        for n, row in enumerate(plan.custom, start=1):
            due = f"{row.due_on.isoformat()} 本金 principal {row.principal:,.2f}"
            yield f"第 {n} 期 Instalment {n}: {due}"
        return
    yield f"当月无此日 A month without that day: {_MONTH_ENDS[plan.month_end]}"
    yield "还款日自放款日起算 Due dates count from the day of drawdown"


def _graces(plan: RepaymentPlan) -> Iterator[str]:
    for count, zh, en in (
        (plan.principal_grace, "期只还息不还本", "instalments of interest only"),
        (plan.interest_payment_grace, "期利息缓付", "instalments whose interest is put off"),
        (plan.interest_free, "期免息", "instalments free of interest"),
    ):
        if count:
            yield f"宽限 Grace: 前 {count} {zh} the first {count} {en}"


def _amounts(agreed: AgreedTerms) -> Iterator[str]:
    plan, currency = agreed.plan, agreed.currency
    if plan.balloon:
        yield f"末期大额 Balloon: {currency} {plan.balloon:,.2f}"
    if plan.step_shares:
        shares = " · ".join(_percent(share) for share in plan.step_shares)
        yield f"各期本金比例 Shares of principal: {shares}"
    if plan.instalment_multiple_of:
        yield f"每期金额取整至 Instalments are multiples of: {plan.instalment_multiple_of:,.2f}"
    if plan.down_payment_share:
        yield f"首付比例 Down payment: {_percent(plan.down_payment_share)}"


def _drawdowns(agreed: AgreedTerms) -> Iterator[str]:
    first = agreed.plan.first_drawdown
    if first is None:
        yield "提款 Drawdown: 一次提清 all at once"
        return
    yield (
        f"提款 Drawdown: 首次 first {agreed.currency} {first:,.2f};"
        f"最多 {agreed.drawdowns} 次,首次提款后 {agreed.availability_months} 个月内 "
        f"at most {agreed.drawdowns} drawdowns, within "
        f"{agreed.availability_months} months of the first"
    )


def _rate(agreed: AgreedTerms) -> Iterator[str]:
    floating = agreed.floating
    if floating is None:
        yield f"固定利率 Fixed rate: {_percent(agreed.yearly_rate)}"
        return
    first = _percent(agreed.yearly_rate)
    yield f"浮动利率 Floating rate: 首个重定价日前 until the first repricing {first}"
    yield f"基准 Index: {agreed.index_zh} {agreed.index_en}"
    yield f"加点 Margin: {floating.margin_bp} 基点 basis points"
    yield f"重定价 Repricing: {_REPRICINGS[floating.repricing]}"
    if floating.cap is not None:
        yield f"利率上限 Cap: {_percent(floating.cap)}"
    if floating.floor is not None:
        yield f"利率下限 Floor: {_percent(floating.floor)}"


def _late(agreed: AgreedTerms) -> Iterator[str]:
    late = agreed.lateness
    yield (
        f"逾期罚息 Penalty interest: 合同利率上浮 {_percent(late.penalty_uplift)},自到期日起 "
        "on top of the contract rate, from the due date"
    )
    yield (
        f"挪用罚息 Misuse: 挪用金额自挪用之日起上浮 {_percent(late.misuse_uplift)},不论到期与否 "
        "on top of the contract rate on the misused amount from that day, due or not"
    )
    yield "逾期又挪用的择其重,不并处 Overdue and misused: the heavier of the two, never both"
    yield "复利 Compound interest: " + (
        "未付利息按罚息利率计收,罚息不计复利 unpaid interest bears the penalty rate, penalty none"
        if late.compound
        else "不计 none"
    )
    if late.grace_days:
        yield (
            f"宽限天数 Days of grace: {late.grace_days};宽限内还清不计罚息,逾宽限自到期日起计 "
            "paid within them lateness costs nothing, paid later it counts from the due date"
        )
    yield (
        f"逾期超过 {late.non_accrual_after_days} 天转为非应计 More than "
        f"{late.non_accrual_after_days} days past due: non-accrual"
    )


def _orders(agreed: AgreedTerms) -> Iterator[str]:
    yield f"正常 On accrual: {_order(order_of(agreed.allocation))}"
    yield f"非应计 In non-accrual: {_order(order_of(agreed.non_accrual_allocation))}"


def _order(buckets: Sequence[Bucket]) -> str:
    zh = "→".join(_BUCKETS[bucket][0] for bucket in buckets)
    return zh + " " + " → ".join(_BUCKETS[bucket][1] for bucket in buckets)


def _prepayment(agreed: AgreedTerms) -> Iterator[str]:
    yield (
        "可提前归还部分或全部,利息按实际用款天数计 "
        "Part or all may be prepaid; interest is due for the days the money was used"
    )
    yield (
        "小微企业提前还款不收费 Micro and small enterprises prepay free of charge"
        if agreed.prepays_free
        else "费用不超过提前归还本金的 3% A fee of at most 3 % of what is prepaid may be charged"
    )


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f} %"
