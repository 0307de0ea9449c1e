"""How a contract's due dates go on where instalments are added or laid anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count as numbers
from itertools import islice

from domain.schedules import ScheduleTerms
from domain.schedules.periods import (
    Period,
    WorkingDay,
    on_working_day,
    regular_days,
    settlement_dates,
    stepped,
)
from domain.schedules.terms import YEAR_MAX
from domain.violations import LoanRuleViolation

_OF_NO_NUMBER = 0
"""Stub first and last periods of a contract are told by number; later ones say it themselves."""


@dataclass(frozen=True)
class DueDates:
    """The day whole periods are counted from, and where the contract ends if that was agreed.

    The anchor's day of the month is kept: after 28 February comes 30 March where it is the 30th.
    """

    terms: ScheduleTerms
    working_day: WorkingDay | None
    anchor_on: date
    matures_on: date | None = None
    settled: bool = False
    """Interest is settled on a day of the month and paid the day after."""

    def after(self, day: date, count: int) -> list[date]:
        """The next due dates behind a day, holidays not yet moved."""
        return list(islice(self._grid(day), count))

    def _grid(self, day: date) -> Iterator[date]:
        for n in numbers(1):
            due = in_years(stepped(self.anchor_on, self.terms, n))
            if due > day:
                yield due

    def extended(self, last: Period, count: int) -> tuple[DueDates, list[date]]:
        """Due dates of the last period and of `count` more, and how they go on from there.

        An agreed maturity moves by as many whole periods; where the old one cut a period short,
        that period becomes a whole one.
        """
        if self.matures_on is None:
            return self, [last.due_on, *self._moved(self.after(last.due_on, count))]
        later = replace(self, matures_on=in_years(stepped(self.matures_on, self.terms, count)))
        return later, later._moved(later._to_maturity(last.start_on, count))

    def _to_maturity(self, day: date, count: int) -> list[date]:
        assert self.matures_on is not None  # noqa: S101 # asked for contracts that have one
        if not self.settled:
            return [*self.after(day, count), self.matures_on]
        terms = replace(self.terms, matures_on=self.matures_on)
        return [due for due in settlement_dates(terms) if due > day]

    def restarted(self, first_due_on: date) -> DueDates:
        """Whole periods from another first due date on; no maturity of its own."""
        return replace(self, anchor_on=first_due_on, matures_on=None, settled=False)

    def fresh(self, first_due_on: date, count: int) -> list[date]:
        """A new series of due dates, holidays moved."""
        anew = (in_years(stepped(first_due_on, self.terms, n)) for n in range(count))
        return self._moved(list(anew))

    def _moved(self, dues: Sequence[date]) -> list[date]:
        return [on_working_day(due, self.terms, self.working_day) for due in dues]

    def periods(self, start_on: date, dues: Sequence[date]) -> list[Period]:
        """Periods from a day to given due dates. Violation: `terms.dates`."""
        found: list[Period] = []
        for due in dues:
            if due <= start_on:
                raise LoanRuleViolation("terms.dates")
            days = regular_days(start_on, self.terms)
            found.append(Period(_OF_NO_NUMBER, start_on, due, days))
            start_on = due
        if self.matures_on is not None and not self.settled:
            found[-1] = replace(found[-1], stub=True)
        return found

    def fresh_periods(self, start_on: date, first_due_on: date, count: int) -> list[Period]:
        """Periods of a restructured debt: from that day to its due date, then whole ones.

        A whole period beside the first due date tells how long a full one would be, so that a
        first period of a few days costs a few days.
        """
        found = self.periods(start_on, self.fresh(first_due_on, count))
        whole = (stepped(first_due_on, self.terms, 1) - first_due_on).days
        stub = start_on != stepped(first_due_on, self.terms, -1)
        return [replace(found[0], regular_days=whole, stub=stub), *found[1:]]


def dates_of(terms: ScheduleTerms, working_day: WorkingDay | None) -> DueDates:
    """How the dates of a first schedule go on."""
    if terms.custom:
        return DueDates(terms, working_day, terms.custom[-1].due_on)
    first = terms.first_due_on
    whole_first = first is None or first == stepped(terms.drawn_on, terms, 1)
    anchor = terms.drawn_on if first is None or whole_first else first
    settled = terms.settlement_day is not None
    return DueDates(terms, working_day, anchor, terms.matures_on, settled)


def in_years(due: date) -> date:
    """A due date within the years the bank reckons in. Violation: `terms.date`."""
    if due.year > YEAR_MAX:
        raise LoanRuleViolation("terms.date")
    return due
