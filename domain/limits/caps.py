"""The caps beside the need: net worth, debt service, security, the bank's own capital, the ask."""

from __future__ import annotations

from decimal import Decimal

from domain.credit_figures import loan_within
from domain.limits.case import LimitCase, stated
from domain.limits.lines import Input, LimitLine, LineName, NotComputable, Origin, Unit
from domain.limits.terms import GradeTerms, LimitTerms
from domain.money import Currency, round_half_up

_NOTHING = Decimal(0)


def net_worth_line(case: LimitCase, grade: GradeTerms) -> LimitLine:
    """Net worth times the grade's share (净资产倍数); a negative net worth carries nothing."""
    (equity,) = stated(case.latest(), "equity")
    share = _term("net_worth_share", grade.net_worth_share)
    return _line(LineName.NET_WORTH, case, max(equity.value, _NOTHING) * share.value, equity, share)


def debt_service_line(
    case: LimitCase, terms: LimitTerms, yearly_rate: Decimal, tenor_months: int
) -> LimitLine:
    """The debt that cash flow serves at the least cover (偿债能力): level yearly payments over the
    bank's notional years, or over the tenor where that is longer.

    Cash = EBITDA - tax - upkeep; room = cash / least DSCR - interest already paid. Interest on
    loans here is in it twice, on the careful side.
    """
    statement = case.latest()
    ebit, depreciation, tax, interest = stated(
        statement, "ebit", "depreciation", "tax", "interest_expense"
    )
    upkeep = _upkeep(case, depreciation)
    cash = ebit.value + depreciation.value - tax.value - upkeep.value
    least = Input("dscr_min", terms.bank.dscr_min, Unit.TURNS, Origin.TERMS)
    room = max(cash / least.value - interest.value, _NOTHING)
    years = max(Decimal(terms.bank.debt_service_years), Decimal(tenor_months) / 12)
    inputs = (
        *(ebit, depreciation, tax, upkeep, interest, least),
        _derived("cash_for_debt", cash),
        _derived("yearly_room", room),
        Input("yearly_rate", yearly_rate, Unit.SHARE, Origin.DERIVED),
        Input("service_years", years, Unit.YEARS, Origin.TERMS),
    )
    return _line(LineName.DEBT_SERVICE, case, room * present_value(yearly_rate, years), *inputs)


def present_value(yearly_rate: Decimal, years: Decimal) -> Decimal:
    """What level yearly payments of 1 are worth today: (1 - (1 + r)^-n) / r; n itself at rate 0."""
    if yearly_rate <= 0:
        return years
    return (1 - (1 + yearly_rate) ** -years) / yearly_rate


def security_line(case: LimitCase, terms: LimitTerms, grade: GradeTerms) -> LimitLine:
    """What collateral carries and what may stand unsecured: sum of value x LTV + share x net worth.

    The LTV is the lower of the kind's and the grade's. An unknown kind goes to a person.
    """
    unknown = tuple(each.kind for each in case.collateral if each.kind not in terms.collateral_ltv)
    if unknown:
        raise NotComputable("collateral_kind", unknown)
    (equity,) = stated(case.latest(), "equity")
    carried, inputs = _NOTHING, []
    for each in case.collateral:
        cap = min(terms.collateral_ltv[each.kind], grade.ltv_max)
        carried += loan_within(each.value, cap)
        inputs += [
            Input(f"collateral_{each.kind}", each.value, Unit.AMOUNT, Origin.ASKED),
            _term("ltv", cap),
        ]
    share = _term("unsecured_share", grade.unsecured_share)
    unsecured = max(equity.value, _NOTHING) * share.value
    return _line(LineName.SECURITY, case, carried + unsecured, *inputs, equity, share)


def single_name_line(case: LimitCase, terms: LimitTerms) -> LimitLine:
    """One borrower takes at most 10 % of capital. Source: Commercial Bank Law, art. 39(3)."""
    capital, share = _capital(case, terms), _term("single_name_share", terms.bank.single_name_share)
    return _line(LineName.SINGLE_NAME, case, capital.value * share.value, capital, share)


def group_line(case: LimitCase, terms: LimitTerms) -> LimitLine | None:
    """What the group's cap leaves beside its other members; None for a firm without a group."""
    if case.group_owed is None:
        return None
    capital, share = _capital(case, terms), _term("group_share", terms.bank.group_share)
    owed = Input("group_owed", case.group_owed, Unit.AMOUNT, Origin.BOOK)
    room = max(capital.value * share.value - owed.value, _NOTHING)
    return _line(LineName.GROUP, case, room, capital, share, owed)


def product_line(case: LimitCase) -> LimitLine | None:
    """The most the product is lent at."""
    if case.product_max is None:
        return None
    most = Input("product_max", case.product_max, Unit.AMOUNT, Origin.TERMS)
    return _line(LineName.PRODUCT, case, most.value, most)


def ask_line(case: LimitCase) -> LimitLine:
    """Nobody is lent more than they ask for."""
    asked = Input("asked", case.ask.amount, Unit.AMOUNT, Origin.ASKED)
    return _line(LineName.ASK, case, asked.value, asked)


def _upkeep(case: LimitCase, depreciation: Input) -> Input:
    if case.ask.upkeep is not None:
        return Input("upkeep", case.ask.upkeep, Unit.AMOUNT, Origin.ASKED)
    return Input("upkeep", depreciation.value, Unit.AMOUNT, Origin.DERIVED, depreciation.year)


def _capital(case: LimitCase, terms: LimitTerms) -> Input:
    if case.currency is not Currency(terms.bank.currency):
        raise NotComputable("capital_currency")
    return Input("bank_capital", terms.bank.capital, Unit.AMOUNT, Origin.TERMS)


def _term(name: str, value: Decimal) -> Input:
    return Input(name, value, Unit.SHARE, Origin.TERMS)


def _derived(name: str, value: Decimal) -> Input:
    return Input(name, value, Unit.AMOUNT, Origin.DERIVED)


def _line(name: LineName, case: LimitCase, amount: Decimal, *inputs: Input) -> LimitLine:
    return LimitLine(name, round_half_up(amount, case.currency), inputs)
