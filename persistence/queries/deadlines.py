"""How long a task still has, in the bank's own days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from domain.business_time import BusinessCalendar, BusinessClock
from persistence.clock import business_clock, working_calendar

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class DayCounter:
    """Counts working days from now to a due instant."""

    clock: BusinessClock
    calendar: BusinessCalendar
    now: datetime

    def days_left(self, due_at: datetime) -> int:
        """0 on the last day, below 0 when overdue. A due instant ends its day (exclusive)."""
        today = self.clock.business_date(self.now)
        due_on = self.clock.business_date(due_at - _INSTANT)
        return self.calendar.working_days_between(today, due_on)


async def day_counter(session: AsyncSession, now: datetime) -> DayCounter:
    """The counter of this moment."""
    return DayCounter(await business_clock(session), await working_calendar(session), now)
