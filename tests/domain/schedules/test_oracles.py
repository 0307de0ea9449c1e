"""Against libraries others wrote: dates, level instalments and their split."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy_financial
import pytest
import QuantLib

from domain.day_counts import DayCount, year_fraction
from domain.schedules import HolidayRule, Rounding, RoundingMode, build_schedule
from tests.domain.schedules.notes import lines, note


@pytest.mark.parametrize("drawn_on", [date(2026, 1, 31), date(2027, 12, 29), date(2026, 3, 10)])
def test_due_dates_over_weekends_agree_with_a_quantitative_library(drawn_on: date) -> None:
    terms = note(drawn_on=drawn_on, holiday=HolidayRule.FOLLOWING, instalments=24)
    rows = build_schedule(terms, lambda day: day.weekday() < 5)
    start = QuantLib.Date(drawn_on.day, drawn_on.month, drawn_on.year)
    calendar = QuantLib.WeekendsOnly()
    expected = [
        calendar.adjust(start + QuantLib.Period(n, QuantLib.Months), QuantLib.Following)
        for n in range(1, 25)
    ]
    assert [row.due_on for row in rows] == [
        date(day.year(), day.month(), day.dayOfMonth()) for day in expected
    ]


@pytest.mark.parametrize(("rate", "months"), [("0.0435", 12), ("0.072", 60), ("0.24", 360)])
def test_level_instalments_agree_with_a_financial_library(rate: str, months: int) -> None:
    rows = lines(yearly_rate=Decimal(rate), instalments=months)
    level = -numpy_financial.pmt(float(rate) / 12, months, 1200000)
    assert rows[0].total == Decimal(level).quantize(Decimal("0.01"))
    middle = months // 2
    part = -numpy_financial.ppmt(float(rate) / 12, middle, months, 1200000)
    assert abs(rows[middle - 1].principal - Decimal(float(part))) < Decimal("1.00")


def test_an_instalment_over_uneven_periods_repays_the_loan_exactly() -> None:
    terms = note(day_count=DayCount.ACT_365F, instalments=36)
    rows = build_schedule(terms)
    factors = [
        float(year_fraction(DayCount.ACT_365F, row.period_start_on, row.due_on)) * 0.0435
        for row in rows
    ]

    def left(instalment: float) -> float:
        balance = 1200000.0
        for factor in factors:
            balance = balance * (1 + factor) - instalment
        return balance

    assert (
        abs(float(rows[0].total) - QuantLib.Brent().solve(left, 1e-9, 36000.0, 0.0, 1200000.0))
        < 0.006
    )


def test_published_time_value_figures() -> None:
    """15,000 without interest in 60 parts; the first principal of 55,000 at 10 % in 60 parts."""
    plain = lines(principal=Decimal(15000), yearly_rate=Decimal(0), instalments=60)
    assert {str(row.total) for row in plain} == {"250.00"}
    first = lines(
        principal=Decimal(55000),
        yearly_rate=Decimal("0.1"),
        instalments=60,
        rounding=Rounding(RoundingMode.NONE),
    )[0]
    assert first.principal.quantize(Decimal("0.01")) == Decimal("710.25")
