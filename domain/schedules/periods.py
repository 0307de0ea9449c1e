"""The periods of a schedule: when each begins and when it falls due."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from domain.schedules.terms import HolidayRule, MonthEnd, PeriodUnit, ScheduleTerms
from domain.violations import LoanRuleViolation

WorkingDay = Callable[[date], bool]
_DAYS = {PeriodUnit.DAY: 1, PeriodUnit.WEEK: 7}
_SHORTEST_MONTH = 28
MONTHS = {PeriodUnit.MONTH: 1, PeriodUnit.QUARTER: 3, PeriodUnit.YEAR: 12}


@dataclass(frozen=True)
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

    @property
    def days(self) -> int:
        """Calendar days of the period."""
        return (self.due_on - self.start_on).days


def months_after(anchor_on: date, months: int, month_end: MonthEnd = MonthEnd.LAST_DAY) -> date:
    """A number of months after the anchor; a missing day clamps, or rolls to the next month.

    The anchor's day is kept: 31 January, 28 February, 31 March. Range: years 1 to 9999.
    """
    years, index = divmod(anchor_on.month - 1 + months, 12)
    year, month = anchor_on.year + years, index + 1
    last = _SHORTEST_MONTH if anchor_on.day <= _SHORTEST_MONTH else monthrange(year, month)[1]
    if anchor_on.day <= last:
        return date(year, month, anchor_on.day)
    clamped = date(year, month, last)
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
    dues = _moved(_dues(terms), terms, working_day)
    starts = [terms.drawn_on, *dues[:-1]]
    if any(due <= start for start, due in zip(starts, dues, strict=True)):
        raise LoanRuleViolation("terms.dates")
    return tuple(
        Period(n, start, due, _regular_days(start, terms))
        for n, (start, due) in enumerate(zip(starts, dues, strict=True), start=1)
    )


def _dues(terms: ScheduleTerms) -> list[date]:
    if terms.custom:
        return [row.due_on for row in terms.custom]
    if terms.settlement_day is not None:
        return settlement_dates(terms)
    dues = [_due(terms, n) for n in range(1, terms.instalments + 1)]
    if terms.matures_on is not None:
        dues[-1] = terms.matures_on
    return dues


def _due(terms: ScheduleTerms, n: int) -> date:
    first = terms.first_due_on
    if first is None or first == stepped(terms.drawn_on, terms, 1):
        return stepped(terms.drawn_on, terms, n)
    return stepped(first, terms, n - 1)


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


def _moved(dues: list[date], terms: ScheduleTerms, working_day: WorkingDay | None) -> list[date]:
    if terms.holiday is HolidayRule.NONE:
        return dues
    if working_day is None:
        raise LoanRuleViolation("terms.calendar")
    return [_following(due, working_day) for due in dues]


def _following(day: date, working_day: WorkingDay) -> date:
    while not working_day(day):
        day += timedelta(days=1)
    return day


def _regular_days(start: date, terms: ScheduleTerms) -> int:
    return (stepped(start, terms, 1) - start).days
