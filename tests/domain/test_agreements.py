"""The text a borrower signs says all that was agreed, and nothing that was not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.accounts.agreed import allocation_from_data
from domain.accounts.terms import HOUSE_ALLOCATION, HOUSE_LATENESS, NON_ACCRUAL_ALLOCATION
from domain.agreement_annex import AgreedTerms, annex
from domain.agreements import EnvelopePurpose, agreement_text
from domain.day_counts import DayCount
from domain.rates import FloatingRate, Repricing
from domain.schedules import CustomRow, HolidayRule, PeriodUnit, RepaymentMethod
from domain.schedules.plan import RepaymentPlan


def plan(**changes: Any) -> RepaymentPlan:
    said: dict[str, Any] = {"method": RepaymentMethod.EQUAL_PRINCIPAL, "tenor_months": 12}
    return RepaymentPlan(**(said | changes))


def agreed(**changes: Any) -> AgreedTerms:
    said: dict[str, Any] = {
        "plan": plan(),
        "method": "等额本金 equal principal",
        "currency": "CNY",
        "instalments": 12,
        "yearly_rate": Decimal("0.0435"),
        "lateness": HOUSE_LATENESS,
        "allocation": HOUSE_ALLOCATION,
        "non_accrual_allocation": NON_ACCRUAL_ALLOCATION,
        "prepays_free": False,
    }
    return AgreedTerms(**(said | changes))


def test_a_plain_loan_says_its_plan_rate_penalties_orders_and_prepayment() -> None:
    text = annex(agreed())
    for said in (
        "还款周期 Period: 每 1 个月 every 1 month(s)",
        "期数 Instalments: 12",
        "计息天数 Day count: 30/360",
        "提款 Drawdown: 一次提清 all at once",
        "固定利率 Fixed rate: 4.35 %",
        "逾期罚息 Penalty interest: 合同利率上浮 50 %",
        "挪用金额自挪用之日起上浮 100 %,不论到期与否",
        "未付利息按罚息利率计收,罚息不计复利",
        "On accrual: 费用→罚息→复利→利息→本金 fees → penalty interest → compound interest → ",
        "非应计 In non-accrual: 费用→本金→利息→复利→罚息",
        "A fee of at most 3 % of what is prepaid may be charged",
    ):
        assert said in text
    for silent in ("浮动", "宽限", "结息日", "Balloon", "首付"):
        assert silent not in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"settlement_day": 20}, "结息日 Settlement day: 每期末月 20 日结息,21 日付息"),
        ({"unit": PeriodUnit.QUARTER, "every": 2}, "每 2 个季度 every 2 quarter(s)"),
        ({"first_due_on": date(2026, 4, 8)}, "First due date: 2026-04-08"),
        ({"day_count": DayCount.ACT_360}, "Day count: ACT/360"),
        ({"holiday": HolidayRule.FOLLOWING}, "the next working day; interest runs on"),
        ({"principal_grace": 3}, "前 3 期只还息不还本 the first 3 instalments of interest only"),
        ({"interest_payment_grace": 2}, "前 2 期利息缓付"),
        ({"interest_free": 1}, "前 1 期免息"),
        ({"balloon": Decimal(400000)}, "Balloon: CNY 400,000.00"),
        ({"step_shares": (Decimal("0.4"), Decimal("0.6"))}, "Shares of principal: 40 % · 60 %"),
        ({"instalment_multiple_of": Decimal(100)}, "multiples of: 100.00"),
        ({"down_payment_share": Decimal("0.25")}, "Down payment: 25 %"),
        (
            {"custom": (CustomRow(date(2026, 5, 31), Decimal(7)),)},
            "第 1 期 Instalment 1: 2026-05-31 本金 principal 7.00",
        ),
    ],
)  # fmt: skip
def test_what_a_plan_asks_for_stands_in_the_contract(changes: dict[str, Any], said: str) -> None:
    assert said in annex(agreed(plan=plan(**changes)))


def test_several_drawdowns_are_named_with_their_number_and_time() -> None:
    drawn = agreed(plan=plan(first_drawdown=Decimal(1000)), drawdowns=6, availability_months=12)
    assert "首次 first CNY 1,000.00;最多 6 次,首次提款后 12 个月内" in annex(drawn)


def test_a_floating_rate_names_index_margin_repricing_cap_and_floor() -> None:
    rate = FloatingRate(
        index="LPR_1Y", margin_bp=135, repricing=Repricing.QUARTERLY,
        cap=Decimal("0.12"), floor=Decimal(0),
    )  # fmt: skip
    text = annex(agreed(floating=rate, index_zh="一年期LPR", index_en="LPR, 1 year"))
    for said in (
        "until the first repricing 4.35 %",
        "基准 Index: 一年期LPR LPR, 1 year",
        "加点 Margin: 135 基点 basis points",
        "自放款日起每3个月 every 3 months from the drawdown",
        "利率上限 Cap: 12 %",
        "利率下限 Floor: 0 %",
    ):
        assert said in text
    assert "固定利率" not in text


def test_what_a_contract_says_of_late_money_of_its_own_is_signed() -> None:
    late = replace(HOUSE_LATENESS, grace_days=3, compound=False, non_accrual_after_days=60)
    order = allocation_from_data(
        {"accrual": ["principal", "interest", "fee", "compound", "penalty"]}
    )
    text = annex(agreed(lateness=late, allocation=order[0], prepays_free=True))
    assert "宽限天数 Days of grace: 3" in text
    assert "复利 Compound interest: 不计 none" in text
    assert "逾期超过 60 天转为非应计" in text
    assert "正常 On accrual: 本金→利息→费用→复利→罚息" in text
    assert "prepay free of charge" in text


def test_a_contract_is_never_sent_with_a_hole_in_it() -> None:
    with pytest.raises(KeyError):
        agreement_text(EnvelopePurpose.CONTRACT, {"case_number": "CL1"})
