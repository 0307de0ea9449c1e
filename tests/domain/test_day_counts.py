"""Day counts against an independent library over two centuries, and what they refuse."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import QuantLib
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.day_counts import DayCount, year_fraction
from domain.quoted_day_counts import QuotedDayCount, quoted_year_fraction
from domain.violations import LoanRuleViolation
from tests.properties import examples

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
QUOTED: dict[QuotedDayCount, Any] = {
    QuotedDayCount.THIRTY_360_ITALIAN: QuantLib.Thirty360(QuantLib.Thirty360.Italian),
    QuotedDayCount.THIRTY_360_NASD: QuantLib.Thirty360(QuantLib.Thirty360.NASD),
    QuotedDayCount.THIRTY_365: QuantLib.Thirty365(),
    QuotedDayCount.ACT_360_LAST_DAY: QuantLib.Actual360(True),
    QuotedDayCount.ACT_366: QuantLib.Actual366(),
    QuotedDayCount.ACT_365_25: QuantLib.Actual36525(),
    QuotedDayCount.ACT_365_NO_LEAP: QuantLib.Actual365Fixed(QuantLib.Actual365Fixed.NoLeap),
    QuotedDayCount.SIMPLE: QuantLib.SimpleDayCounter(),
    QuotedDayCount.ONE: QuantLib.OneDayCounter(),
}


def theirs(day: date) -> Any:
    return QuantLib.Date(day.day, day.month, day.year)


@pytest.mark.parametrize("convention", list(ORACLES))
@examples(300)
@given(a=DAYS, b=DAYS)
def test_an_independent_library_counts_the_same(convention: DayCount, a: date, b: date) -> None:
    start, end = sorted((a, b))
    expected = ORACLES[convention].yearFraction(theirs(start), theirs(end))
    ours = float(year_fraction(convention, start, end))
    assert ours == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("convention", list(QUOTED))
@examples(300)
@given(a=DAYS, b=DAYS)
def test_what_is_only_quoted_counts_the_same_too(
    convention: QuotedDayCount, a: date, b: date
) -> None:
    start, end = sorted((a, b))
    expected = QUOTED[convention].yearFraction(theirs(start), theirs(end))
    ours = float(quoted_year_fraction(convention, start, end))
    assert ours == pytest.approx(expected, abs=1e-9)


@examples(300)
@given(
    a=st.dates(date(1930, 1, 1), date(2060, 12, 31)),  # the library begins in 1901
    length=st.integers(0, 2000),
    before=st.integers(-700, 9000),
    coupon=st.sampled_from([1, 2, 3, 4, 6, 12]),
)
def test_by_the_coupon_period_wherever_it_lies_the_library_counts_the_same(
    a: date, length: int, before: int, coupon: int
) -> None:
    b, start = a + timedelta(days=length), a - timedelta(days=before)
    after = theirs(start) + QuantLib.Period(coupon, QuantLib.Months)
    end = date(after.year(), after.month(), after.dayOfMonth())
    assume(end > a and not a < start < end < b)  # what the library counts
    asked = (theirs(a), theirs(b), theirs(start), theirs(end))
    expected = QuantLib.ActualActual(QuantLib.ActualActual.ISMA).yearFraction(*asked)
    ours = year_fraction(DayCount.ACT_ACT_ISMA, a, b, reference=(start, end))
    assert float(ours) == pytest.approx(expected, abs=1e-9)
    canadian = QuantLib.Actual365Fixed(QuantLib.Actual365Fixed.Canadian).yearFraction(*asked)
    quoted = quoted_year_fraction(QuotedDayCount.ACT_365_CANADIAN, a, b, reference=(start, end))
    assert float(quoted) == pytest.approx(canadian, abs=1e-9)


def test_a_coupon_period_two_centuries_away_is_reached_step_by_step() -> None:
    month = (date(2099, 12, 1), date(2100, 1, 1))
    years = year_fraction(
        DayCount.ACT_ACT_ISMA, date(1900, 1, 1), date(2000, 1, 1), reference=month
    )
    assert years == 100


def test_the_thirty_first_may_be_the_first_of_the_next_month() -> None:
    days = 360 * quoted_year_fraction(
        QuotedDayCount.THIRTY_E_PLUS_360, date(2026, 1, 31), date(2026, 3, 31)
    )
    assert round(days, 20) == 61


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
    with pytest.raises(LoanRuleViolation, match=r"day_count\.order"):
        quoted_year_fraction(QuotedDayCount.ONE, date(2026, 2, 1), date(2026, 1, 31))
    week = (date(2026, 1, 1), date(2026, 1, 8))
    for reference in (None, week):
        with pytest.raises(LoanRuleViolation, match=r"day_count\.reference"):
            quoted_year_fraction(QuotedDayCount.ACT_365_CANADIAN, *week, reference=reference)
    with pytest.raises(LoanRuleViolation, match=r"day_count\.reference"):
        year_fraction(DayCount.ACT_ACT_ISMA, date(2026, 1, 1), date(2026, 2, 1))
