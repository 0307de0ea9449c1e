"""The share of a year's interest that falls into a period, or into a part of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, localcontext

from domain.day_counts import DayCount, year_fraction
from domain.schedules.annuity import EXACT
from domain.schedules.periods import MONTHS, Period
from domain.schedules.terms import PeriodUnit, ScheduleTerms

_NOMINAL = (DayCount.THIRTY_360, DayCount.EQUAL_PERIODS)
_BY_DAYS = (DayCount.ACT_360, DayCount.ACT_364, DayCount.ACT_365F)
_DAYS_OF_360 = {PeriodUnit.DAY: 1, PeriodUnit.WEEK: 7}
_DAYS_A_YEAR = {DayCount.ACT_360: 360, DayCount.ACT_364: 364}


def period_years(terms: ScheduleTerms, period: Period) -> Decimal:
    """The years one period counts. Rounding: 34 digits."""
    return part_years(terms, period, period.start_on, period.due_on)


def period_rates(terms: ScheduleTerms, cut: Sequence[Period]) -> list[Decimal]:
    """What one unit of principal costs in each of a schedule's own periods, unrounded.

    Most conventions look at nothing but the days, and a schedule has few lengths of period: those
    of the same days are worked out once. Rounding: 34 digits.
    """
    nominal = terms.day_count in _NOMINAL and not _by_agreed_dates(terms)
    if not nominal and terms.day_count not in _BY_DAYS:
        return [_period_rate(terms, period) for period in cut]
    # only the first and the last may be of another length by agreement
    odd = {period.n for period in (cut[0], cut[-1]) if nominal and _odd(terms, period)}
    known: dict[int, Decimal] = {}
    rates: list[Decimal] = []
    for period in cut:
        days = (period.due_on - period.start_on).days
        rate = None if period.n in odd else known.get(days)
        if rate is None:
            rate = _period_rate(terms, period)
            if period.n not in odd:
                known[days] = rate
        rates.append(rate)
    return rates


def _period_rate(terms: ScheduleTerms, period: Period) -> Decimal:
    return terms.yearly_rate * period_years(terms, period)


def part_years(terms: ScheduleTerms, period: Period, from_on: date, to_on: date) -> Decimal:
    """The years [from, to) counts inside a period.

    30/360 and EQUAL-PERIODS count a whole period as its nominal length and a part of it by its
    share of the period's days; a first period of another length than the rest counts by its days
    over those of a whole one. Periods cut by agreed dates have no whole length: they count months
    of thirty days and the days left over. Every other convention counts the days themselves.
    """
    with localcontext(EXACT):
        if terms.day_count in _NOMINAL and not _by_agreed_dates(terms):
            base = period.regular_days if _odd(terms, period) else period.days
            return _nominal_years(terms) * (to_on - from_on).days / base
        return year_fraction(terms.day_count, from_on, to_on)


def nominal_years(terms: ScheduleTerms) -> Decimal:
    """The years of one period by its name alone, whatever its dates: a month counts thirty days.

    A year of days counts 360 or 364 where the convention says so, and 365 otherwise.
    Rounding: 34 digits.
    """
    with localcontext(EXACT):
        if terms.day_count in _NOMINAL:
            return _nominal_years(terms)
        a_year = _DAYS_A_YEAR.get(terms.day_count, 365)
        if terms.unit is PeriodUnit.YEAR:
            return Decimal(terms.every)
        days = _DAYS_OF_360.get(terms.unit) or 30 * MONTHS[terms.unit]
        return Decimal(days * terms.every) / a_year


def _by_agreed_dates(terms: ScheduleTerms) -> bool:
    return bool(terms.custom) or terms.settlement_day is not None


def _odd(terms: ScheduleTerms, period: Period) -> bool:
    """Whether the period is a stub, so that its own days count over those of a whole one."""
    if period.stub:
        return True
    stub_first = period.n == 1 and terms.first_due_on is not None
    stub_last = period.n == terms.instalments and terms.matures_on is not None
    return stub_first or stub_last


def _nominal_years(terms: ScheduleTerms) -> Decimal:
    if terms.unit in MONTHS:
        return Decimal(MONTHS[terms.unit] * terms.every) / 12
    days = _DAYS_OF_360[terms.unit] * terms.every
    if terms.unit is PeriodUnit.WEEK and terms.day_count is DayCount.EQUAL_PERIODS:
        return Decimal(terms.every) / 52
    return Decimal(days) / 360
