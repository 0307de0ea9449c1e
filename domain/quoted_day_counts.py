"""Day counts that are quoted and compared, and that no contract of the house may name.

All results are exact fractions turned into Decimals of 34 digits. Periods are half open, but where
the convention itself counts its last day.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from domain.day_counts import decimal_of, thirty, year_fraction_of_bonds
from domain.violations import LoanRuleViolation

_FEBRUARY = 2
_DECEMBER = 12
_DAYS_BEFORE_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


class QuotedDayCount(StrEnum):
    """The conventions on offer here."""

    THIRTY_360_ITALIAN = "30/360-ITALIAN"
    """28 and 29 February count as the thirtieth."""
    THIRTY_360_NASD = "30/360-NASD"
    """A last day that is the 31st, after a first day below the 30th, is the next month's first."""
    THIRTY_E_PLUS_360 = "30E+/360"
    """A last day that is the 31st is the next month's first."""
    THIRTY_365 = "30/365"
    """Months of thirty days as 30E/360 has them, over a year of 365."""
    ACT_360_LAST_DAY = "ACT/360-LAST-DAY"
    """The last day counts too."""
    ACT_366 = "ACT/366"
    ACT_365_25 = "ACT/365.25"
    ACT_365_NO_LEAP = "NL/365"
    """No 29 February counts."""
    ACT_365_CANADIAN = "ACT/365-CANADIAN"
    """By the coupon period where the days nearly fill it; it needs that reference period."""
    SIMPLE = "SIMPLE"
    """Whole months where both days are the same of their month, and 30/360 otherwise."""
    ONE = "1/1"
    """Every period is one year."""


def quoted_year_fraction(
    convention: QuotedDayCount,
    start_on: date,
    end_on: date,
    *,
    reference: tuple[date, date] | None = None,
) -> Decimal:
    """The years from one day to another by a convention.

    Unit: years. Range: `end_on` not before `start_on`. Rounding: 34 significant digits.
    `reference` is the coupon period ACT/365-CANADIAN counts in.
    Violations: `day_count.order`, `day_count.reference`.
    Source: the definitions QuantLib documents for its day counters; 30E+/360 as Strata has it.
    """
    if end_on < start_on:
        raise LoanRuleViolation("day_count.order")
    if convention is QuotedDayCount.ACT_365_CANADIAN:
        if reference is None or reference[1] <= reference[0]:
            raise LoanRuleViolation("day_count.reference")
        return decimal_of(_canadian(start_on, end_on, (reference[1] - reference[0]).days))
    return decimal_of(_FRACTIONS[convention](start_on, end_on))


def _over(days_in_year: Fraction, more: int = 0) -> Callable[[date, date], Fraction]:
    return lambda start, end: ((end - start).days + more) / days_in_year


def _italian(start: date, end: date) -> Fraction:
    return thirty(start, end, _italian_day(start), _italian_day(end))


def _italian_day(day: date) -> int:
    return 30 if day.month == _FEBRUARY and day.day > 27 else min(day.day, 30)


def _nasd(start: date, end: date) -> Fraction:
    first = min(start.day, 30)
    return thirty(start, end, first, 30 if end.day == 31 and first == 30 else end.day)


def _plus(start: date, end: date) -> Fraction:
    return thirty(start, end, min(start.day, 30), end.day)


def _thirty_365(start: date, end: date) -> Fraction:
    return thirty(start, end, min(start.day, 30), min(end.day, 30)) * 360 / 365


def _no_leap(start: date, end: date) -> Fraction:
    return Fraction(_day_number(end) - _day_number(start), 365)


def _day_number(day: date) -> int:
    """The number of a day where no year has 29 February; it counts as the day before."""
    leap_day = day.month == _FEBRUARY and day.day == 29
    return day.year * 365 + _DAYS_BEFORE_MONTH[day.month - 1] + day.day - leap_day


def _canadian(start: date, end: date, coupon_days: int) -> Fraction:
    days = (end - start).days
    months = round(Fraction(12 * coupon_days, 365))
    a_year = 12 // months if months else 0
    if not a_year:
        raise LoanRuleViolation("day_count.reference")
    if days < 365 // a_year:
        return Fraction(days, 365)
    return Fraction(1, a_year) - Fraction(coupon_days - days, 365)


def _simple(start: date, end: date) -> Fraction:
    whole = (
        start.day == end.day
        or (start.day > end.day and _ends_month(end))
        or (start.day < end.day and _ends_month(start))
    )
    months = (end.year - start.year) * 12 + end.month - start.month
    return Fraction(months, 12) if whole else year_fraction_of_bonds(start, end)


def _ends_month(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


_FRACTIONS: Mapping[QuotedDayCount, Callable[[date, date], Fraction]] = {
    QuotedDayCount.THIRTY_360_ITALIAN: _italian,
    QuotedDayCount.THIRTY_360_NASD: _nasd,
    QuotedDayCount.THIRTY_E_PLUS_360: _plus,
    QuotedDayCount.THIRTY_365: _thirty_365,
    QuotedDayCount.ACT_360_LAST_DAY: _over(Fraction(360), 1),
    QuotedDayCount.ACT_366: _over(Fraction(366)),
    QuotedDayCount.ACT_365_25: _over(Fraction(1461, 4)),
    QuotedDayCount.ACT_365_NO_LEAP: _no_leap,
    QuotedDayCount.SIMPLE: _simple,
    QuotedDayCount.ONE: lambda _start, _end: Fraction(1),
}
