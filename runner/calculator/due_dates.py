"""The due dates alone, for a case that names no money."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from domain.money import Currency
from domain.schedules import MonthEnd, RepaymentMethod, ScheduleTerms
from domain.schedules.periods import periods
from runner.calculator.fields import Fields
from runner.calculator.schedule_terms import MONTH_ENDS, UNITS


def due_date_rows(inputs: Fields) -> list[Mapping[str, object]]:
    """Number and date of every instalment."""
    terms = ScheduleTerms(
        principal=Decimal(1),
        currency=Currency.CNY,
        yearly_rate=Decimal(0),
        method=RepaymentMethod.INTEREST_FIRST_BULLET,
        drawn_on=inputs.day("disbursement_date"),
        first_due_on=inputs.day("first_due_date") if inputs.has("first_due_date") else None,
        instalments=inputs.integer("n_installments"),
        unit=inputs.choice("period_unit", UNITS),
        every=inputs.integer("period_every", 1),
        month_end=inputs.choice("month_end_rule", MONTH_ENDS, MonthEnd.LAST_DAY),
    )
    inputs.nothing_else()
    return [{"n": one.n, "due_date": one.due_on.isoformat()} for one in periods(terms)]
