"""Day counts against an independent library over two centuries, and what they refuse."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import QuantLib
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.day_counts import DayCount, year_fraction
from domain.violations import LoanRuleViolation

DAYS = st.dates(date(1902, 1, 1), date(2100, 12, 31))
ORACLES: dict[DayCount, Any] = {
    DayCount.THIRTY_360_US: QuantLib.Thirty360(QuantLib.Thirty360.USA),
    DayCount.THIRTY_360_BOND: QuantLib.Thirty360(QuantLib.Thirty360.BondBasis),
    DayCount.THIRTY_E_360: QuantLib.Thirty360(QuantLib.Thirty360.European),
    DayCount.THIRTY_E_360_ISDA: QuantLib.Thirty360(QuantLib.Thirty360.ISDA),
    DayCount.ACT_360: QuantLib.Actual360(),
    DayCount.ACT_364: QuantLib.Actual364(),
    DayCount.ACT_365F: QuantLib.Actual365Fixed(),
    DayCount.ACT_ACT_JAN1: QuantLib.ActualActual(QuantLib.ActualActual.ISDA),
    DayCount.ACT_ACT_AFB: QuantLib.ActualActual(QuantLib.ActualActual.AFB),
}


def theirs(day: date) -> Any:
    return QuantLib.Date(day.day, day.month, day.year)


@pytest.mark.parametrize("convention", list(ORACLES))
@settings(max_examples=300, deadline=None)
@given(a=DAYS, b=DAYS)
def test_an_independent_library_counts_the_same(convention: DayCount, a: date, b: date) -> None:
    start, end = sorted((a, b))
    expected = ORACLES[convention].yearFraction(theirs(start), theirs(end))
    ours = float(year_fraction(convention, start, end))
    assert ours == pytest.approx(expected, abs=1e-9)


@given(a=DAYS, b=DAYS)
def test_both_year_splits_count_every_day_once(a: date, b: date) -> None:
    start, end = sorted((a, b))
    days = Decimal((end - start).days)
    for convention in (DayCount.ACT_ACT_JAN1, DayCount.ACT_ACT_DEC31):
        years = year_fraction(convention, start, end)
        assert days / 366 - Decimal("1e-25") <= years <= days / 365 + Decimal("1e-25")


def test_the_night_of_new_year_belongs_to_the_year_the_split_names() -> None:
    night = (date(2023, 12, 31), date(2024, 1, 1))
    assert year_fraction(DayCount.ACT_ACT_JAN1, *night) * 365 == pytest.approx(Decimal(1))
    assert year_fraction(DayCount.ACT_ACT_DEC31, *night) * 366 == pytest.approx(Decimal(1))


def test_days_out_of_order_and_a_missing_coupon_period_are_refused() -> None:
    with pytest.raises(LoanRuleViolation, match=r"day_count\.order"):
        year_fraction(DayCount.ACT_360, date(2026, 2, 1), date(2026, 1, 31))
    with pytest.raises(LoanRuleViolation, match=r"day_count\.reference"):
        year_fraction(DayCount.ACT_ACT_ISMA, date(2026, 1, 1), date(2026, 2, 1))
