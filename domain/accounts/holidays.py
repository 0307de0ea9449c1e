"""Which due dates another working calendar moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from domain.schedules import HolidayRule, ScheduleTerms
from domain.schedules.periods import WorkingDay, periods


def holiday_moves(
    terms: ScheduleTerms, dues: Sequence[date], before: WorkingDay, after: WorkingDay
) -> tuple[tuple[date, date], ...]:
    """From and to of every due date that falls elsewhere by the new calendar.

    A date the contract's own terms put off under the old calendar is looked at from where it was
    before; any other from where it stands. In an order in which no date passes its neighbour:
    later ones from behind, earlier ones from the front. Nothing where no due date ever moves.
    """
    if terms.holiday is HolidayRule.NONE:
        return ()
    planned = periods(replace(terms, holiday=HolidayRule.NONE))
    origin = {_following(one.due_on, before): one.due_on for one in reversed(planned)}
    moves = list(_moves(dues, origin, after))
    later = [move for move in moves if move[1] > move[0]]
    earlier = [move for move in moves if move[1] < move[0]]
    return (*sorted(later, reverse=True), *sorted(earlier))


def _moves(
    dues: Sequence[date], origin: dict[date, date], after: WorkingDay
) -> Iterator[tuple[date, date]]:
    for due in dues:
        moved = _following(origin.get(due, due), after)
        if moved != due:
            yield due, moved


def _following(day: date, working_day: WorkingDay) -> date:
    while not working_day(day):
        day += timedelta(days=1)
    return day
