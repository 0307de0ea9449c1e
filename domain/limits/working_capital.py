"""The need for working capital (流动资金贷款需求量) as the published sheet works it out."""

from __future__ import annotations

from decimal import Decimal

from domain.credit_figures import TurnoverDays, turnover_days, working_capital
from domain.limits.case import Ask, LimitCase, averaged, stated
from domain.limits.lines import Input, LimitLine, LineName, NotComputable, Origin, Unit
from domain.money import round_half_up

CYCLE_DAYS_MAX = Decimal(1080)
"""Three years between paying and being paid: figures that say so are looked at by a person."""

_BALANCES = ("receivables", "inventory", "prepayments", "payables", "advances_received")
_NOTHING = Decimal(0)


def working_capital_line(case: LimitCase) -> LimitLine:
    """What is needed and not yet financed: need - own - loans elsewhere - other sources.

    Sales and cost are last year's; balances are averages of two year ends. A firm whose suppliers
    finance it needs nothing. A loss does not widen the need: the margin is at least 0.
    Rounding: half up at the end. Source: annex to the rule on working-capital loans (2010, 2024).
    """
    statement = case.latest()
    sales, cost = stated(statement, "revenue", "cost_of_sales")
    balances = _averages(case)
    days = _days(sales.value, cost.value, balances)
    cycle = days.cycle
    if cycle > CYCLE_DAYS_MAX:
        raise NotComputable("cycle_implausible")
    profit, margin, growth = _profit(case), _margin(case, sales.value), _growth(case)
    own, elsewhere = _own(case), _elsewhere(case)
    found = working_capital(
        sales=sales.value,
        profit_margin=margin.value,
        growth=growth.value,
        cycle_days=cycle,
        own=own.value,
        existing_loans=elsewhere.value,
        other=case.ask.other,
    )
    turns = (_derived("turns", found.turns, Unit.TURNS),) if found.turns is not None else ()
    inputs = (
        *(sales, cost, profit, margin, growth),
        *balances.values(),
        *(_derived(f"{name}_days", getattr(days, name), Unit.DAYS) for name in days.__slots__),
        _derived("cycle", cycle, Unit.DAYS),
        *turns,
        _derived("need", found.need, Unit.AMOUNT),
        *(own, elsewhere),
        Input("other_sources", case.ask.other, Unit.AMOUNT, Origin.ASKED),
    )
    amount = round_half_up(found.new_loan, case.currency)
    return LimitLine(LineName.WORKING_CAPITAL, amount, inputs)


def _averages(case: LimitCase) -> dict[str, Input]:
    stated(case.latest(), *_BALANCES)  # names all that is missing at once
    return {name: averaged(case, name) for name in _BALANCES}


def _days(sales: Decimal, cost: Decimal, balances: dict[str, Input]) -> TurnoverDays:
    if sales <= 0:
        raise NotComputable("no_sales")
    if cost <= 0:
        raise NotComputable("no_cost")
    if any(balance.value < 0 for balance in balances.values()):
        raise NotComputable("negative_balance")
    return TurnoverDays(
        inventory=turnover_days(cost, balances["inventory"].value),
        receivable=turnover_days(sales, balances["receivables"].value),
        payable=turnover_days(cost, balances["payables"].value),
        prepaid=turnover_days(cost, balances["prepayments"].value),
        advance=turnover_days(sales, balances["advances_received"].value),
    )


def _profit(case: LimitCase) -> Input:
    """Profit before tax; after tax where no tax is stated."""
    statement = case.latest()
    (net,) = stated(statement, "net_profit")
    tax = statement.line("tax")
    if tax is None:
        return net
    before_tax = net.value + tax
    return Input("profit_before_tax", before_tax, Unit.AMOUNT, Origin.DERIVED, statement.year)


def _margin(case: LimitCase, sales: Decimal) -> Input:
    return _derived("profit_margin", min(max(_profit(case).value / sales, _NOTHING), Decimal(1)))


def _growth(case: LimitCase) -> Input:
    asked = case.ask.growth
    if asked is not None:
        if asked < -1:
            raise NotComputable("growth_below_nothing")
        return Input("growth", asked, Unit.SHARE, Origin.ASKED)
    before = case.before()
    sales = before.line("revenue") if before is not None else None
    if sales is None or sales <= 0:
        raise NotComputable("growth_unknown", ("growth",))
    (now,) = stated(case.latest(), "revenue")
    return _derived("growth", now.value / sales - 1)


def _own(case: LimitCase) -> Input:
    """Working capital of the firm's own: current assets less current liabilities, at least 0."""
    ask: Ask = case.ask
    if ask.own is not None:
        return Input("own", ask.own, Unit.AMOUNT, Origin.ASKED)
    assets, liabilities = stated(case.latest(), "current_assets", "current_liabilities")
    own = max(assets.value - liabilities.value, _NOTHING)
    return Input("own", own, Unit.AMOUNT, Origin.DERIVED, assets.year)


def _elsewhere(case: LimitCase) -> Input:
    """Short-term loans the limit does not replace: those of other lenders."""
    asked = case.ask.loans_elsewhere
    if asked is not None:
        return Input("loans_elsewhere", asked, Unit.AMOUNT, Origin.ASKED)
    (debt,) = stated(case.latest(), "short_term_debt")
    elsewhere = max(debt.value - case.owed_here, _NOTHING)
    return Input("loans_elsewhere", elsewhere, Unit.AMOUNT, Origin.DERIVED, debt.year)


def _derived(name: str, value: Decimal, unit: Unit = Unit.SHARE) -> Input:
    return Input(name, value, unit, Origin.DERIVED)
