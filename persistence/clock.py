"""Business time as the book keeps it: the newest clock segment and the working-day calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.business_time import BusinessCalendar, BusinessClock
from persistence.tables import CalendarDay, ClockSegment

_CLOCK = "business_clock"


async def business_clock(session: AsyncSession) -> BusinessClock:
    """The clock that rules now; a book without a segment runs at the real pace.

    Read once a transaction, which lives by one clock.
    """
    known: BusinessClock | None = session.info.get(_CLOCK)
    if known is None:
        known = session.info[_CLOCK] = await _newest_clock(session)
    return known


async def _newest_clock(session: AsyncSession) -> BusinessClock:
    newest = select(ClockSegment).order_by(col(ClockSegment.id).desc()).limit(1)
    segment = (await session.execute(newest)).scalar_one_or_none()
    if segment is None:
        return BusinessClock.at_real_pace()
    return BusinessClock(segment.epoch_at.astimezone(UTC), segment.epoch_on, segment.day_seconds)


async def set_pace(session: AsyncSession, now: datetime, day_seconds: int) -> BusinessClock:
    """Run business days at another pace from `now` on; the business date never jumps."""
    clock = await business_clock(session)
    if clock.day_seconds == day_seconds:
        return clock
    repaced = session.info[_CLOCK] = clock.repaced(now, day_seconds)
    session.add(
        ClockSegment(epoch_at=repaced.epoch_at, epoch_on=repaced.epoch_on, day_seconds=day_seconds)
    )
    return repaced


async def business_date(session: AsyncSession, now: datetime) -> date:
    """The bank's date at an instant."""
    return (await business_clock(session)).business_date(now)


async def working_calendar(session: AsyncSession) -> BusinessCalendar:
    """The working-day calendar. Read once per content: the rows are few and change yearly."""
    statement = select(
        col(CalendarDay.day), col(CalendarDay.is_working), col(CalendarDay.year_status)
    )
    rows = (await session.execute(statement.order_by(col(CalendarDay.day)))).all()
    return _calendar(tuple((row[0], row[1], row[2]) for row in rows))


@lru_cache(maxsize=4)
def _calendar(rows: tuple[tuple[date, bool, str], ...]) -> BusinessCalendar:
    return BusinessCalendar(
        non_working_weekdays=frozenset(day for day, working, _ in rows if not working),
        working_weekends=frozenset(day for day, working, _ in rows if working),
        provisional_years=frozenset(day.year for day, _, status in rows if status != "official"),
    )
