"""Business time: which business date it is, which days are worked, and when a task lapses.

Nothing here reads a clock. `now` is always an argument, an aware UTC instant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China keeps one time zone without summer time, so the offset is fixed."""

_REAL_DAY_SECONDS = 86_400
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class BusinessClock:
    """Turns instants into business dates at a pace of `day_seconds` real seconds a day.

    Unit: seconds of real time per business day. Range: 1 and more; 86,400 is the real pace.
    Rounding: an instant belongs to the business day that has begun (floor).
    """

    epoch_at: datetime
    epoch_on: date
    day_seconds: int = _REAL_DAY_SECONDS

    def __post_init__(self) -> None:
        if self.epoch_at.utcoffset() is None:
            raise ValueError("a business clock needs an aware epoch")
        if self.day_seconds < 1:
            raise ValueError("a business day lasts at least one second")

    @classmethod
    def at_real_pace(cls) -> BusinessClock:
        """The calendar of Shanghai, midnight to midnight."""
        midnight = datetime(1970, 1, 1, tzinfo=SHANGHAI).astimezone(UTC)
        return cls(epoch_at=midnight, epoch_on=date(1970, 1, 1))

    def business_date(self, now: datetime) -> date:
        """The business date at an instant."""
        return self.epoch_on + timedelta(days=(now - self.epoch_at) // self._day)

    def instant_of(self, day: date) -> datetime:
        """The instant at which a business date begins."""
        return self.epoch_at + (day - self.epoch_on).days * self._day

    def end_of(self, day: date) -> datetime:
        """The instant at which a business date is over and the next one begins."""
        return self.instant_of(day) + self._day

    def stretch(self, span: timedelta) -> timedelta:
        """Real time that a span of business time takes. Rounding: down to the microsecond."""
        # in whole microseconds, because a timedelta of decades overflows when multiplied
        microseconds = span // _MICROSECOND * self.day_seconds // _REAL_DAY_SECONDS
        return timedelta(microseconds=microseconds)

    def repaced(self, now: datetime, day_seconds: int) -> BusinessClock:
        """Go on from this moment at another pace.

        The date stays what it is and the same share of the day is over, so no business date is
        ever lived twice. The share is rounded down, by less than a microsecond.
        """
        today = self.business_date(now)
        share = (now - self.instant_of(today)) * day_seconds // self.day_seconds
        return BusinessClock(epoch_at=now - share, epoch_on=today, day_seconds=day_seconds)

    @property
    def _day(self) -> timedelta:
        return timedelta(seconds=self.day_seconds)


@dataclass(frozen=True)
class BusinessCalendar:
    """Which days the bank works: Monday to Friday but for the days named here.

    `working_weekends` are the weekend days worked in exchange for a holiday (调休). A year in
    `provisional_years`, or after `last_year`, has no official notice yet; its swap days, or all
    its holidays, are still to come.
    Source: the yearly holiday notice of the State Council's General Office.
    """

    non_working_weekdays: frozenset[date]
    working_weekends: frozenset[date]
    provisional_years: frozenset[int]
    last_year: int | None = None

    @classmethod
    def of_days(
        cls, days: Mapping[date, bool], provisional_years: frozenset[int]
    ) -> BusinessCalendar:
        """Build the calendar from days marked as worked or not; days left out are ordinary."""
        return cls(
            frozenset(day for day, worked in days.items() if not worked and _is_weekday(day)),
            frozenset(day for day, worked in days.items() if worked and not _is_weekday(day)),
            provisional_years,
        )

    def is_working(self, day: date) -> bool:
        """Whether the bank works that day."""
        if _is_weekday(day):
            return day not in self.non_working_weekdays
        return day in self.working_weekends

    def is_provisional(self, day: date) -> bool:
        """Whether the day lies in a year without an official notice."""
        beyond = self.last_year is not None and day.year > self.last_year
        return beyond or day.year in self.provisional_years

    def next_working(self, day: date) -> date:
        """The day itself if worked, else the first worked day after it."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after a day, which need not be worked itself.

        Range: n >= 0; 0 gives the day itself or the next working day.
        """
        if n < 0:
            raise ValueError("working days are counted forward")
        found = self.next_working(day) if n == 0 else day
        for _ in range(n):
            found = self.next_working(found + timedelta(days=1))
        return found

    def working_days_between(self, a: date, b: date) -> int:
        """Working days after `a` up to and including `b`; negative if `b` is the earlier."""
        if b < a:
            return -self.working_days_between(b, a)
        return sum(self.is_working(a + timedelta(days=i)) for i in range(1, (b - a).days + 1))


def deadline(
    clock: BusinessClock, calendar: BusinessCalendar, opened_at: datetime, working_days: int
) -> datetime:
    """The end of the n-th working day after the business day on which something was opened.

    Unit: working days. Range: 0 and more; 0 is the end of the opening day, or of the next
    working day.
    """
    opened_on = clock.business_date(opened_at)
    return clock.end_of(calendar.add_working_days(opened_on, working_days))


@dataclass(frozen=True)
class TaskDeadlines:
    """The ladder of one human task.

    At 80 % of its time the owner is reminded, at 100 % the supervisor hears of it, at 150 % the
    next level, and at 200 % the task lapses and its stage's timeout outcome follows.
    """

    remind_at: datetime
    due_at: datetime
    next_level_at: datetime
    lapse_at: datetime

    @classmethod
    def of(cls, opened_at: datetime, due_at: datetime) -> TaskDeadlines:
        """Spread the ladder over the time from opening to due. Refuses a due that is not later."""
        span = due_at - opened_at
        if span <= timedelta(0):
            raise ValueError("a task is due after it is opened")
        return cls(opened_at + span * 4 // 5, due_at, due_at + span // 2, due_at + span)

    def shifted(self, pause: timedelta) -> TaskDeadlines:
        """The same ladder after the clock stood still for a while."""
        return TaskDeadlines(
            self.remind_at + pause,
            self.due_at + pause,
            self.next_level_at + pause,
            self.lapse_at + pause,
        )


def remaining(now: datetime, due_at: datetime) -> timedelta:
    """Time that is left when the clock stops; resuming at `t` makes the task due at t + this.

    Range: never below zero, however late the task is.
    """
    return max(due_at - now, timedelta(0))


def fraction_left(opened_at: datetime, due_at: datetime, now: datetime) -> Decimal:
    """Share of a task's time that is left: 1 when opened, 0 when due, below 0 when overdue."""
    left, span = (due_at - now) // _MICROSECOND, (due_at - opened_at) // _MICROSECOND
    return Decimal(left) / Decimal(span) if span > 0 else Decimal(0)


def _is_weekday(day: date) -> bool:
    return day.weekday() < 5
