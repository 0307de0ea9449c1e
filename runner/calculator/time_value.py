"""One unknown of a level stream of payments, by the names spreadsheets give these functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from domain.time_value import (
    Timing,
    future_value,
    interest_part,
    internal_rate,
    level_payment,
    net_present_value,
    period_count,
    period_rate,
    present_value,
    principal_part,
)
from runner.calculator.cases import Answer
from runner.calculator.fields import Fields, refused

_PLACES = Decimal("1e-12")
_PERIODS_MAX = 40_000
_BEGINNING: Mapping[str, bool] = {"end": False, "begin": True, "0": False, "1": True}
_NOTHING = Decimal(0)


def answer_time_value(inputs: Fields) -> Answer:
    """The value to 12 places; what is paid is below zero."""
    function = inputs.choice("function", _FUNCTIONS)
    value = function(inputs)
    inputs.nothing_else()
    return {"value": f"{value.quantize(_PLACES):f}"}


def _timing(inputs: Fields) -> Timing:
    return Timing(_rate(inputs), _periods(inputs), _at_beginning(inputs))


def _rate(inputs: Fields) -> Decimal:
    return inputs.ratio("rate_per_period" if inputs.has("rate_per_period") else "rate")


def _periods(inputs: Fields) -> Decimal:
    key = "nper" if inputs.has("nper") else "n"
    periods = inputs.number(key)
    if abs(periods) > _PERIODS_MAX:
        raise refused("malformed", inputs.place(key))
    return periods


def _at_beginning(inputs: Fields) -> bool:
    if not inputs.has("when"):
        return False
    text = str(inputs.raw("when"))
    if text not in _BEGINNING:
        raise refused("not_offered", inputs.place("when"))
    return _BEGINNING[text]


def _or_nothing(inputs: Fields, key: str) -> Decimal:
    return inputs.number(key) if inputs.has(key) else _NOTHING


def _pmt(inputs: Fields) -> Decimal:
    return level_payment(_timing(inputs), inputs.number("pv"), _or_nothing(inputs, "fv"))


def _ipmt(inputs: Fields) -> Decimal:
    period, present = inputs.integer("per"), inputs.number("pv")
    return interest_part(_timing(inputs), period, present, _or_nothing(inputs, "fv"))


def _ppmt(inputs: Fields) -> Decimal:
    period, present = inputs.integer("per"), inputs.number("pv")
    return principal_part(_timing(inputs), period, present, _or_nothing(inputs, "fv"))


def _pv(inputs: Fields) -> Decimal:
    payment = _or_nothing(inputs, "pmt")
    return present_value(_timing(inputs), payment, _or_nothing(inputs, "fv"))


def _fv(inputs: Fields) -> Decimal:
    return future_value(_timing(inputs), _or_nothing(inputs, "pmt"), inputs.number("pv"))


def _nper(inputs: Fields) -> Decimal:
    present, future = inputs.number("pv"), _or_nothing(inputs, "fv")
    return period_count(
        _rate(inputs), inputs.number("pmt"), present, future, at_beginning=_at_beginning(inputs)
    )


def _rate_of(inputs: Fields) -> Decimal:
    inputs.ignore(("guess",))
    periods, payment = _periods(inputs), inputs.number("pmt")
    present, future = inputs.number("pv"), _or_nothing(inputs, "fv")
    return period_rate(periods, payment, present, future, at_beginning=_at_beginning(inputs))


def _npv(inputs: Fields) -> Decimal:
    return net_present_value(_rate(inputs), inputs.numbers("values"))


def _irr(inputs: Fields) -> Decimal:
    return internal_rate(inputs.numbers("values"))


_FUNCTIONS: Mapping[str, Callable[[Fields], Decimal]] = {
    "pmt": _pmt,
    "ipmt": _ipmt,
    "ppmt": _ppmt,
    "pv": _pv,
    "fv": _fv,
    "nper": _nper,
    "rate": _rate_of,
    "npv": _npv,
    "irr": _irr,
}
