"""The rows that follow from a case's terms alone, before anything happens to the loan."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from domain.schedules import RepaymentMethod, ScheduleLine, build_schedule
from domain.schedules.growing import growing_schedule
from runner.calculator.fields import Fields, refused
from runner.calculator.schedule_terms import METHODS, schedule_terms

_GROWING: Mapping[str, int] = {"annuity_growing": 1, "annuity_decreasing": -1}
_METHODS = {**METHODS, **dict.fromkeys(_GROWING, RepaymentMethod.EQUAL_INSTALMENT)}
_GROWTH = "installment_growth_percent_per_year"
_NOTED = re.compile(r"installments (grow|fall) (?P<percent>[0-9]{1,3}(\.[0-9]{1,8})?)% per year")
_PERCENT = Decimal(100)


def plain_lines(inputs: Fields) -> Sequence[ScheduleLine]:
    """Every line. Violations: `input.*` by the input's name, `terms.*` by the rule."""
    growth = _growth(inputs)
    terms = schedule_terms(inputs, _METHODS)
    return build_schedule(terms) if growth is None else growing_schedule(terms, growth)


def _growth(inputs: Fields) -> Decimal | None:
    """By how much the instalments of a growing method change a year; tables say it in a note."""
    sign = _GROWING.get(inputs.text("method"))
    if sign is None:
        return None
    if inputs.has(_GROWTH):
        return sign * inputs.percent(_GROWTH)
    noted = _NOTED.fullmatch(inputs.text("note")) if inputs.has("note") else None
    if noted is None:
        raise refused("missing", inputs.place(_GROWTH))
    return sign * Decimal(noted["percent"]) / _PERCENT
