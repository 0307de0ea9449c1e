"""A year's calendar: decided by a second person, then brought to the loans that follow it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from temporalio import activity

from activities.refusals import answered
from domain.commands import Receipt
from domain.working_days import DecideCalendar
from persistence.calendar_moves import move_some
from persistence.calendars import decide_calendar
from persistence.engine import Database


@dataclass(frozen=True)
class DecideCalendarStep:
    """Record a verdict on a proposed version."""

    command: DecideCalendar
    at: datetime


@dataclass(frozen=True)
class MoveDatesStep:
    """Move the due dates of the next loans behind one."""

    version_id: UUID
    after: UUID | None
    at: datetime


@dataclass(frozen=True)
class MoveDatesResult:
    """How far it came; `after` None when all loans have been looked at."""

    after: UUID | None
    loans: int


class CalendarActivities:
    """Writes of the calendar's slice; `look` wakes a loan so that its timers follow."""

    def __init__(self, database: Database, look: Callable[[UUID], Awaitable[None]]) -> None:
        self._database = database
        self._look = look

    @activity.defn
    async def decide_calendar(self, step: DecideCalendarStep) -> Receipt:
        """Approve or reject."""
        return await answered(self._decide(step))

    @activity.defn
    async def move_due_dates(self, step: MoveDatesStep) -> MoveDatesResult:
        """A few loans take the calendar; each is told to look at its dates again."""
        found = await move_some(self._database, step.version_id, step.after, step.at)
        for loan_id in found.loans:
            await self._look(loan_id)
        return MoveDatesResult(found.after, len(found.loans))

    async def _decide(self, step: DecideCalendarStep) -> Receipt:
        asked = step.command
        async with self._database.transaction() as session:
            await decide_calendar(
                session, asked.version_id, approve=asked.approve, actor=asked.actor, at=step.at
            )
        return Receipt(accepted=True)
