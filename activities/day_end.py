"""Day end: which days are to be closed, and closing one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from temporalio import activity

from persistence.account_days import bring_forward
from persistence.day_end.closing import close_day, open_days
from persistence.engine import Database


@dataclass(frozen=True)
class DaysStep:
    """Ask for the days that are over and not closed."""

    at: datetime
    most: int


@dataclass(frozen=True)
class DayResult:
    """What one day came to, as the workflow's history shows it."""

    business_on: date
    notes: int
    difference: str
    closed: bool


class DayEndActivities:
    """Day end's steps in the bank's own database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn
    async def days_to_close(self, step: DaysStep) -> list[date]:
        """The business days to close, oldest first."""
        return await open_days(self._database, step.at, step.most)

    @activity.defn
    async def close_business_day(self, business_on: date) -> DayResult:
        """Run every step of a day, all of it or nothing; again, it changes nothing."""
        now, opens_on = datetime.now(UTC), business_on + timedelta(days=1)
        await bring_forward(self._database, opens_on, now)
        found = await close_day(self._database, business_on)
        return DayResult(business_on, found.notes, str(found.difference), found.closed)
