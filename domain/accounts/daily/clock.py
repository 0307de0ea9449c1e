"""How much interest a part of a period counts: the rate of each day, and days without interest."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, localcontext
from itertools import pairwise

from domain.day_counts import DayCount
from domain.schedules.annuity import EXACT
from domain.schedules.interest import part_years
from domain.schedules.periods import Period, stepped
from domain.schedules.terms import ScheduleTerms

_NOTHING = Decimal(0)


def whole_periods(period: Period, terms: ScheduleTerms) -> Decimal:
    """Whole periods from the start of one on, and the rest by its share of one more."""
    whole = 0
    while stepped(period.start_on, terms, whole + 1) <= period.due_on:
        whole += 1
    begin = stepped(period.start_on, terms, whole)
    end = stepped(period.start_on, terms, whole + 1)
    with localcontext(EXACT):
        return whole + Decimal((period.due_on - begin).days) / (end - begin).days


@dataclass
class RateClock:
    """The yearly rate of every night of a loan, named by the day the night begins on.

    `set_on` holds rate changes, `paused` half open spans without interest. Unit: a fraction a year.
    """

    terms: ScheduleTerms
    set_on: list[tuple[date, Decimal]] = field(default_factory=list)
    paused: list[tuple[date, date]] = field(default_factory=list)
    ended_on: date | None = None
    stretched: dict[date, Decimal] = field(default_factory=dict)
    """How many whole periods lie in one whose due date was moved, by that due date."""

    counted: dict[tuple[Period, date, date], Decimal] = field(default_factory=dict)
    """Years of parts of periods already counted; copies share it, for it never changes."""

    def rate_on(self, day: date) -> Decimal:
        """The rate of the night that begins on a day; nothing while paused."""
        if any(start <= day < end for start, end in self.paused):
            return _NOTHING
        if self.ended_on is not None and day >= self.ended_on:
            return _NOTHING
        return self.contract_rate(day)

    def contract_rate(self, day: date) -> Decimal:
        """The agreed rate on a day, paused or not."""
        rate = self.terms.yearly_rate
        for from_on, changed in self.set_on:
            rate = changed if from_on <= day else rate
        return rate

    def borders(self) -> set[date]:
        """Every day the rate may change on."""
        days = {day for day, _ in self.set_on}
        days |= {day for span in self.paused for day in span}
        return days | ({self.ended_on} if self.ended_on else set())

    def factor(self, period: Period, from_on: date, to_on: date) -> Decimal:
        """Interest on one unit of money over a part of a period at one rate."""
        rate = self.rate_on(from_on)
        if not rate:
            return _NOTHING
        part = (period, from_on, to_on)
        if part not in self.counted:
            self.counted[part] = part_years(self.terms, *part)
        years = self.counted[part]
        if self.terms.day_count in (DayCount.THIRTY_360, DayCount.EQUAL_PERIODS):
            years *= self.stretched.get(period.due_on, 1)
        return rate * years

    def period_factor(self, period: Period) -> Decimal:
        """Interest on one unit of money over a whole period, rate by rate, as if never paused.

        A level is agreed from the contract's rates; a pause only lowers what the last one asks.
        """
        inside = {day for day, _ in self.set_on if period.start_on < day < period.due_on}
        cuts = sorted(inside | {period.start_on, period.due_on})
        agreed = replace(self, paused=[])
        pairs = pairwise(cuts)
        return sum((agreed.factor(period, one, two) for one, two in pairs), _NOTHING)
