"""Business time as the book keeps it: the newest clock segment and the working-day calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.business_time import BusinessCalendar, BusinessClock
from persistence.paced_deadlines import move_deadlines
from persistence.tables import CalendarVersion, ClockSegment

APPROVED = "approved"
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
    await move_deadlines(session, now, clock.day_seconds, day_seconds)
    return repaced


async def business_date(session: AsyncSession, now: datetime) -> date:
    """The bank's date at an instant."""
    return (await business_clock(session)).business_date(now)


async def working_calendar(
    session: AsyncSession, known_on: date | None = None, *, without: UUID | None = None
) -> BusinessCalendar:
    """The working-day calendar by the newest approved version of each year.

    With `known_on` by the versions in force on that day: what a note drawn then was promised.
    """
    statement = select(
        col(CalendarVersion.year), col(CalendarVersion.days), col(CalendarVersion.official)
    ).where(col(CalendarVersion.status) == APPROVED)
    if known_on is not None:
        statement = statement.where(col(CalendarVersion.effective_on) <= known_on)
    if without is not None:
        statement = statement.where(col(CalendarVersion.id) != without)
    rows = (await session.execute(statement.order_by(col(CalendarVersion.number)))).all()
    newest = {row[0]: (tuple(row[1]["off"]), tuple(row[1]["worked"]), row[2]) for row in rows}
    return _calendar(tuple(sorted(newest.items())))


@lru_cache(maxsize=16)
def _calendar(
    years: tuple[tuple[int, tuple[tuple[str, ...], tuple[str, ...], bool]], ...],
) -> BusinessCalendar:
    """Read once per content: the versions are few and change yearly."""
    return BusinessCalendar(
        non_working_weekdays=frozenset(
            date.fromisoformat(day) for _, (off, _, _) in years for day in off
        ),
        working_weekends=frozenset(
            date.fromisoformat(day) for _, (_, worked, _) in years for day in worked
        ),
        provisional_years=frozenset(year for year, (_, _, official) in years if not official),
        last_year=max((year for year, _ in years), default=None),
    )
