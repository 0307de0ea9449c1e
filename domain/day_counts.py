"""How many years lie between two days: the conventions a contract may name.

All results are exact fractions turned into Decimals of 34 digits. Periods are half open: the first
day counts, the last does not.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Context, Decimal
from enum import StrEnum
from fractions import Fraction

from domain.violations import LoanRuleViolation

_DIGITS = Context(prec=34)
_FEBRUARY = 2


class DayCount(StrEnum):
    """The day count conventions on offer. Any other is refused by name."""

    THIRTY_360 = "30/360"
    """Every month thirty days of 360; within a whole month of a schedule exactly 1/12."""
    THIRTY_360_US = "30/360-US"
    THIRTY_360_BOND = "30/360-BOND"
    THIRTY_E_360 = "30E/360"
    THIRTY_E_360_ISDA = "30E/360-ISDA"
    ACT_360 = "ACT/360"
    ACT_364 = "ACT/364"
    ACT_365F = "ACT/365F"
    ACT_ACT_JAN1 = "ACT/ACT-JAN1"
    """A period across New Year splits at 1 January (ISDA)."""
    ACT_ACT_DEC31 = "ACT/ACT-DEC31"
    """A period across New Year splits at 31 December: that night belongs to the new year."""
    ACT_ACT_ISMA = "ACT/ACT-ISMA"
    """By the coupon period the days lie in; it needs that reference period."""
    ACT_ACT_AFB = "ACT/ACT-AFB"
    """Whole years counted back from the end, the rest over 366 where it holds 29 February."""
    ACT_365L = "ACT/365L"
    """366 only where the period itself contains 29 February."""
    EQUAL_PERIODS = "EQUAL-PERIODS"
    """A period is its share of the year, whatever its days: 1/12, 1/52."""


def year_fraction(
    convention: DayCount,
    start_on: date,
    end_on: date,
    *,
    reference: tuple[date, date] | None = None,
    termination_on: date | None = None,
) -> Decimal:
    """The years in [start, end) by a convention.

    Unit: years. Range: `end_on` not before `start_on`. Rounding: 34 significant digits.
    `reference` is the coupon period ACT/ACT-ISMA counts in, which ends after the first day;
    `termination_on` the last day of the whole deal, which 30E/360-ISDA treats apart where it ends
    a February.
    Violations: `day_count.order`, `day_count.reference`.
    Source: ISDA 2006 definitions 4.16; ICMA rule 251; the French bank association's convention.
    """
    if end_on < start_on:
        raise LoanRuleViolation("day_count.order")
    if convention is DayCount.ACT_ACT_ISMA:
        if reference is None or reference[1] <= max(reference[0], start_on):
            raise LoanRuleViolation("day_count.reference")
        if start_on == end_on:
            return Decimal(0)
        return decimal_of(_by_coupon(start_on, end_on, *reference))
    if convention is DayCount.THIRTY_E_360_ISDA:
        return decimal_of(Fraction(_thirty_e_isda(start_on, end_on, termination_on), 360))
    return decimal_of(_FRACTIONS[convention](start_on, end_on))


def decimal_of(value: Fraction) -> Decimal:
    """An exact fraction as a Decimal. Rounding: 34 significant digits."""
    return _DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))


def _over(days_in_year: int) -> Callable[[date, date], Fraction]:
    return lambda start, end: Fraction((end - start).days, days_in_year)


def thirty(start: date, end: date, first: int, last: int) -> Fraction:
    """Years of twelve months of thirty days, from one day of the month to another."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return Fraction(months * 30 + last - first, 360)


def year_fraction_of_bonds(start: date, end: date) -> Fraction:
    """30/360 as bonds count it (ISDA 4.16(f)): the 31st counts as the 30th."""
    first = min(start.day, 30)
    return thirty(start, end, first, 30 if end.day == 31 and first == 30 else end.day)


def _thirty_us(start: date, end: date) -> Fraction:
    first, last = start.day, end.day
    if _ends_february(start):
        last = 30 if _ends_february(end) else last
        first = 30
    last = 30 if last == 31 and first >= 30 else last
    return thirty(start, end, min(first, 30), last)


def _thirty_e(start: date, end: date) -> Fraction:
    return thirty(start, end, min(start.day, 30), min(end.day, 30))


def _thirty_e_isda(start: date, end: date, termination: date | None) -> int:
    first = 30 if _ends_month(start) else start.day
    kept = end == termination and end.month == _FEBRUARY
    last = 30 if _ends_month(end) and not kept else end.day
    return int(thirty(start, end, first, last) * 360)


def _ends_month(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def _ends_february(day: date) -> bool:
    return day.month == _FEBRUARY and _ends_month(day)


def _days_in_year(year: int) -> int:
    return 366 if isleap(year) else 365


def _split_at_new_year(start: date, end: date) -> Fraction:
    return _split(start, end, lambda year: date(year + 1, 1, 1))


def _split_at_year_end(start: date, end: date) -> Fraction:
    return _split(start, end, lambda year: date(year, 12, 31))


def _split(start: date, end: date, border_of: Callable[[int], date]) -> Fraction:
    """Days up to each year's border over that year's length; beyond the last border the next's."""
    years, day, year = Fraction(0), start, start.year
    while day < end:
        border = min(border_of(year), end)
        if border > day:
            years += Fraction((border - day).days, _days_in_year(year))
            day = border
        year += 1
    return years


def _leap_day_inside(start: date, end: date) -> Fraction:
    """ACT/365L by the period itself: 29 February after its first and up to its last day."""
    leap_days = (date(year, 2, 29) for year in range(start.year, end.year + 1) if isleap(year))
    inside = any(start < day <= end for day in leap_days)
    return Fraction((end - start).days, 366 if inside else 365)


def _by_french_banks(start: date, end: date) -> Fraction:
    years, rest_end = 0, end
    while (earlier := _a_year_before(rest_end)) >= start:
        years, rest_end = years + 1, earlier
        if earlier == start:
            break
    year_length = 365
    leap_year = next((y for y in (rest_end.year, start.year) if isleap(y)), None)
    if leap_year is not None and start <= date(leap_year, 2, 29) < rest_end:
        year_length = 366
    return years + Fraction((rest_end - start).days, year_length)


def _a_year_before(day: date) -> date:
    if day.month == _FEBRUARY and day.day >= 28:
        return date(day.year - 1, 2, 29 if isleap(day.year - 1) else 28)
    return day.replace(year=day.year - 1)


def _by_coupon(start: date, end: date, ref_start: date, ref_end: date) -> Fraction:
    months = round(Fraction(12 * (ref_end - ref_start).days, 365))
    if months == 0:
        ref_start, ref_end, months = start, _months_on(start, 12), 12
    coupon = Fraction(months, 12)
    if end > ref_end:
        return _over_many_coupons(start, end, ref_start, ref_end, months)
    total = Fraction(0)
    while start < ref_start:
        if end > ref_start:
            total += coupon * Fraction((end - ref_start).days, (ref_end - ref_start).days)
            end = ref_start
        ref_start, ref_end = _months_on(ref_start, -months), ref_start
    return total + coupon * Fraction((end - start).days, (ref_end - ref_start).days)


def _over_many_coupons(
    start: date, end: date, ref_start: date, ref_end: date, months: int
) -> Fraction:
    total, count = _by_coupon(start, ref_end, ref_start, ref_end), 0
    while _months_on(ref_end, months * (count + 1)) <= end:
        count += 1
    last_start = _months_on(ref_end, months * count)
    total += count * Fraction(months, 12)
    return total + _by_coupon(
        last_start, end, last_start, _months_on(ref_end, months * (count + 1))
    )


def _months_on(day: date, months: int) -> date:
    years, index = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, index + 1, min(day.day, monthrange(year, index + 1)[1]))


_FRACTIONS: Mapping[DayCount, Callable[[date, date], Fraction]] = {
    DayCount.THIRTY_360: year_fraction_of_bonds,
    DayCount.THIRTY_360_US: _thirty_us,
    DayCount.THIRTY_360_BOND: year_fraction_of_bonds,
    DayCount.THIRTY_E_360: _thirty_e,
    DayCount.ACT_360: _over(360),
    DayCount.ACT_364: _over(364),
    DayCount.ACT_365F: _over(365),
    DayCount.ACT_ACT_JAN1: _split_at_new_year,
    DayCount.ACT_ACT_DEC31: _split_at_year_end,
    DayCount.ACT_ACT_AFB: _by_french_banks,
    DayCount.ACT_365L: _leap_day_inside,
    DayCount.EQUAL_PERIODS: year_fraction_of_bonds,
}
