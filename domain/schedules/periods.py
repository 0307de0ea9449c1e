"""The periods of a schedule: when each begins and when it falls due."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from operator import le

from domain.schedules.terms import HolidayRule, MonthEnd, PeriodUnit, ScheduleTerms
from domain.violations import LoanRuleViolation

WorkingDay = Callable[[date], bool]
_DAYS = {PeriodUnit.DAY: 1, PeriodUnit.WEEK: 7}
_SHORTEST_MONTH = 28
_FEBRUARY = 1
_LAST_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MONTHS = {PeriodUnit.MONTH: 1, PeriodUnit.QUARTER: 3, PeriodUnit.YEAR: 12}


@dataclass(frozen=True, init=False)
class Period:
    """One period, half open: interest runs from the first day to the day before the due date.

    `regular_days` is the length a whole period of the schedule would have had here.
    """

    n: int
    start_on: date
    due_on: date
    regular_days: int
    stub: bool = False
    """Of another length than the rest by agreement: its own days count, not a whole period."""

    def __init__(
        self, n: int, start_on: date, due_on: date, regular_days: int, stub: bool = False
    ) -> None:
        # a frozen dataclass's own costs four times as much, and schedules are made of periods
        members = self.__dict__
        members["n"] = n
        members["start_on"] = start_on
        members["due_on"] = due_on
        members["regular_days"] = regular_days
        members["stub"] = stub

    @property
    def days(self) -> int:
        """Calendar days of the period."""
        return (self.due_on - self.start_on).days


def months_after(anchor_on: date, months: int, month_end: MonthEnd = MonthEnd.LAST_DAY) -> date:
    """A number of months after the anchor; a missing day clamps, or rolls to the next month.

    The anchor's day is kept: 31 January, 28 February, 31 March. Range: years 1 to 9999.
    """
    years, index = divmod(anchor_on.month - 1 + months, 12)
    year, day = anchor_on.year + years, anchor_on.day
    if day <= _SHORTEST_MONTH:
        return date(year, index + 1, day)
    last = 29 if index == _FEBRUARY and isleap(year) else _LAST_DAYS[index]
    if day <= last:
        return date(year, index + 1, day)
    clamped = date(year, index + 1, last)
    return clamped if month_end is MonthEnd.LAST_DAY else clamped + timedelta(days=1)


def stepped(anchor_on: date, terms: ScheduleTerms, count: int) -> date:
    """`count` whole periods after the anchor."""
    return steps_after(anchor_on, terms.unit, terms.every * count, terms.month_end)


def steps_after(
    anchor_on: date, unit: PeriodUnit, count: int, month_end: MonthEnd = MonthEnd.LAST_DAY
) -> date:
    """A number of days, weeks, months, quarters or years after the anchor."""
    if unit in _DAYS:
        return anchor_on + timedelta(days=_DAYS[unit] * count)
    return months_after(anchor_on, MONTHS[unit] * count, month_end)


def dues_from(first_on: date, count: int, terms: ScheduleTerms, moved: timedelta) -> list[date]:
    """Due dates from a moved one on: whole periods follow it, an agreed maturity moves as far."""
    dues = [first_on, *(stepped(first_on, terms, n) for n in range(1, count))]
    if terms.matures_on is not None and terms.settlement_day is None and count > 1:
        dues[-1] = terms.matures_on + moved
    return dues


def periods(terms: ScheduleTerms, working_day: WorkingDay | None = None) -> tuple[Period, ...]:
    """All periods of a schedule, one behind the other.

    `working_day` is needed where the holiday rule is FOLLOWING: a due date on a day off moves to
    the next working day, and interest runs on to it. Violations: `terms.calendar`, `terms.dates`.
    """
    dues = [on_working_day(due, terms, working_day) for due in _dues(terms)]
    starts = [terms.drawn_on, *dues[:-1]]
    if any(map(le, dues, starts)):
        raise LoanRuleViolation("terms.dates")
    return tuple(
        [
            Period(n, start, due, days)
            for n, start, due, days in zip(
                range(1, len(dues) + 1), starts, dues, _regular_days(starts, terms), strict=True
            )
        ]
    )


def _dues(terms: ScheduleTerms) -> list[date]:
    if terms.custom:
        return [row.due_on for row in terms.custom]
    if terms.settlement_day is not None:
        return settlement_dates(terms)
    dues = _regular_dues(terms)
    if terms.matures_on is not None:
        dues[-1] = terms.matures_on
    return dues


def _regular_dues(terms: ScheduleTerms) -> list[date]:
    first, count = terms.first_due_on, terms.instalments
    if first is None or first == stepped(terms.drawn_on, terms, 1):
        return _walk(terms.drawn_on, terms, range(1, count + 1))
    return _walk(first, terms, range(count))


def _walk(anchor_on: date, terms: ScheduleTerms, counts: range) -> list[date]:
    """The days `counts` whole periods after the anchor."""
    if terms.unit in _DAYS:
        return [stepped(anchor_on, terms, count) for count in counts]
    step, day = MONTHS[terms.unit] * terms.every, anchor_on.day
    if day > _SHORTEST_MONTH:
        return [months_after(anchor_on, step * count, terms.month_end) for count in counts]
    first = anchor_on.year * 12 + anchor_on.month - 1
    months = [first + step * count for count in counts]
    return [date(month // 12, month % 12 + 1, day) for month in months]


def settlement_dates(terms: ScheduleTerms) -> list[date]:
    """Interest is settled on a day of the month and paid the day after; the last day is maturity.

    Source: settled on the 20th, paid on the 21st, of every month or of quarter-end months.
    """
    if terms.settlement_day is None or terms.matures_on is None:
        raise LoanRuleViolation("terms.settlement")
    step = MONTHS[terms.unit]
    day = date(terms.drawn_on.year, 1, terms.settlement_day) + timedelta(days=1)
    cuts: list[date] = []
    for month in range(0, (terms.matures_on.year - day.year + 1) * 12):
        cut = months_after(day, month)
        if (month + 1) % step == 0 and terms.drawn_on < cut < terms.matures_on:
            cuts.append(cut)
    return [*cuts, terms.matures_on]


def on_working_day(due: date, terms: ScheduleTerms, working_day: WorkingDay | None) -> date:
    """The due date where the holiday rule puts it. Violation: `terms.calendar`."""
    if terms.holiday is HolidayRule.NONE:
        return due
    if working_day is None:
        raise LoanRuleViolation("terms.calendar")
    while not working_day(due):
        due += timedelta(days=1)
    return due


def _regular_days(starts: list[date], terms: ScheduleTerms) -> list[int]:
    """How long a whole period that begins on each day would be."""
    if terms.unit in _DAYS:
        return [_DAYS[terms.unit] * terms.every] * len(starts)
    months, month_end = MONTHS[terms.unit] * terms.every, terms.month_end
    return [_days_of_months(start, months, month_end) for start in starts]


@lru_cache(maxsize=20_000)  # the periods of a whole book begin on few days
def _days_of_months(start_on: date, months: int, month_end: MonthEnd) -> int:
    return (months_after(start_on, months, month_end) - start_on).days


def regular_days(start: date, terms: ScheduleTerms) -> int:
    """Calendar days a whole period would have from a day on."""
    return (stepped(start, terms, 1) - start).days
