"""The yearly rate over time, pauses cut out: what interest a period or a part of it bears."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, localcontext
from itertools import pairwise

from domain.schedules import ScheduleTerms
from domain.schedules.annuity import EXACT
from domain.schedules.interest import part_years
from domain.schedules.periods import Period

_NOTHING = Decimal(0)


@dataclass(slots=True)
class RateTimeline:
    """From which day on which rate counts, and between which days none does."""

    terms: ScheduleTerms
    steps: list[tuple[date, Decimal]] = field(default_factory=list)
    pauses: list[tuple[date, date]] = field(default_factory=list)

    def rate_on(self, day: date) -> Decimal:
        """The contract rate on a day; a yearly fraction."""
        known = [rate for from_on, rate in self.steps if from_on <= day]
        return known[-1] if known else self.terms.yearly_rate

    def set(self, from_on: date, rate: Decimal) -> bool:
        """From this day on this rate, until another day says otherwise; whether that is new."""
        later = any(day > from_on for day, _ in self.steps)
        new = later or self.rate_on(from_on) != rate
        self.steps = sorted([step for step in self.steps if step[0] != from_on] + [(from_on, rate)])
        return new

    def factor(self, period: Period, from_on: date, to_on: date) -> Decimal:
        """Interest on one unit of principal over [from, to) inside a period. 34 digits."""
        with localcontext(EXACT):
            return sum(
                (
                    rate * part_years(self.terms, period, start, end)
                    for start, end, rate in self._segments(from_on, to_on)
                ),
                _NOTHING,
            )

    def _segments(self, from_on: date, to_on: date) -> Iterator[tuple[date, date, Decimal]]:
        borders = {from_on, to_on}
        borders.update(day for day, _ in self.steps if from_on < day < to_on)
        for start, last in self.pauses:
            borders.update(d for d in (start, last + timedelta(days=1)) if from_on < d < to_on)
        running: tuple[date, date, Decimal] | None = None
        for start, end in pairwise(sorted(borders)):
            if any(paused <= start <= last for paused, last in self.pauses):
                continue
            rate = self.rate_on(start)
            if running is not None and (running[1], running[2]) == (start, rate):
                running = (running[0], end, rate)  # a fixing that changes nothing cuts nothing
                continue
            if running is not None:
                yield running
            running = (start, end, rate)
        if running is not None:
            yield running
