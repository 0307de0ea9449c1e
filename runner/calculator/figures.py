"""`corploan figures`: what a credit officer works out beside the schedule, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from domain.credit_figures import (
    TurnoverDays,
    debt_service_cover,
    expected_loss,
    exposure_at_default,
    interest_cover,
    loan_to_value,
    loan_within,
    stamp_duty,
    turnover_days,
    working_capital,
)
from domain.money import Currency
from runner.calculator.cases import Answer, Case
from runner.calculator.fields import Fields

_CENT, _RATIO = Decimal("0.01"), Decimal("0.0001")
_BY_COST = ("inventory", "payable", "prepaid")
_DAYS = ("inventory", "receivable", "payable", "prepaid", "advance")


def answer_figures(case: Case) -> Answer:
    """The figures of one case: money to the cent, ratios and turns to four places, half up."""
    work_out = case.inputs.choice("figure", FIGURES)
    answer = work_out(case.inputs)
    case.inputs.nothing_else()
    return answer


def _working_capital(inputs: Fields) -> Answer:
    sales = inputs.number("sales")
    found = working_capital(
        sales=sales,
        profit_margin=inputs.number("profit_margin"),
        growth=inputs.number("growth"),
        cycle_days=_cycle(inputs, sales),
        own=inputs.number("own"),
        existing_loans=inputs.number("existing_loans"),
        other=inputs.number("other"),
    )
    turns = None if found.turns is None else _ratio(found.turns)
    return {"turns": turns, "need": _money(found.need), "new_loan": _money(found.new_loan)}


def _cycle(inputs: Fields, sales: Decimal) -> Decimal:
    """From `days` as they are, or from average `balances`, sales and the cost of sales."""
    if inputs.has("days"):
        return _turnover(inputs.part("days")).cycle
    balances, cost = inputs.part("balances"), inputs.number("cost_of_sales")
    days = {
        name: turnover_days(cost if name in _BY_COST else sales, balances.number(name))
        for name in _DAYS
    }
    balances.nothing_else()
    return TurnoverDays(**days).cycle


def _turnover(days: Fields) -> TurnoverDays:
    read = TurnoverDays(**{name: days.number(name) for name in _DAYS})
    days.nothing_else()
    return read


def _expected_loss(inputs: Fields) -> Answer:
    exposure = exposure_at_default(
        inputs.number("drawn"), inputs.number("undrawn"), inputs.number("conversion")
    )
    loss = expected_loss(
        exposure, inputs.number("default_probability"), inputs.number("loss_given_default")
    )
    return {"exposure_at_default": _money(exposure), "expected_loss": _money(loss)}


def _debt_service_cover(inputs: Fields) -> Answer:
    names = ("ebitda", "tax", "upkeep", "principal", "interest")
    return {"ratio": _ratio(debt_service_cover(*(inputs.number(name) for name in names)))}


def _interest_cover(inputs: Fields) -> Answer:
    return {"ratio": _ratio(interest_cover(inputs.number("ebit"), inputs.number("interest")))}


def _loan_to_value(inputs: Fields) -> Answer:
    value = inputs.number("value")
    answer: dict[str, object] = {"ratio": _ratio(loan_to_value(inputs.number("exposure"), value))}
    if inputs.has("cap"):
        answer["most"] = _money(loan_within(value, inputs.number("cap")))
    return answer


def _stamp_duty(inputs: Fields) -> Answer:
    return {"duty": _money(stamp_duty(inputs.number("principal"), Currency.CNY))}


def _money(value: Decimal) -> str:
    return f"{_rounded(value, _CENT):f}"


def _ratio(value: Decimal) -> str:
    return f"{_rounded(value, _RATIO):f}"


def _rounded(value: Decimal, unit: Decimal) -> Decimal:
    return value.quantize(unit, ROUND_HALF_UP)


FIGURES: Mapping[str, Callable[[Fields], Answer]] = {
    "working_capital": _working_capital,
    "expected_loss": _expected_loss,
    "debt_service_cover": _debt_service_cover,
    "interest_cover": _interest_cover,
    "loan_to_value": _loan_to_value,
    "stamp_duty": _stamp_duty,
}
