"""The demo book's clock: set back in an empty book, and on the calendar's date at the end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from domain.business_time import BusinessClock
from persistence import demo_book
from persistence.clock import business_clock, business_date, set_pace
from persistence.engine import Database

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
TODAY = BusinessClock.at_real_pace().business_date(NOW)


async def _begun(database: Database, days: int) -> None:
    async with database.transaction() as session:
        assert await demo_book.is_empty(session)
        await demo_book.begin(session, NOW, days)
    async with database.transaction() as session:
        assert await demo_book.is_unfinished(session)
        assert await business_date(session, NOW) == TODAY - timedelta(days=days)
        await set_pace(session, NOW, 1)


async def test_the_book_arrives_at_the_calendar_and_stays_on_it(database: Database) -> None:
    await _begun(database, 3)
    async with database.transaction() as session:
        assert not await demo_book.arrive_today(session, NOW + timedelta(seconds=1), 86_400)
        assert await demo_book.arrive_today(session, NOW + timedelta(seconds=3), 86_400)
    async with database.transaction() as session:
        assert await business_clock(session) == BusinessClock.at_real_pace()
        demo_book.finish(session, NOW)
    async with database.reading() as session:
        assert not await demo_book.is_unfinished(session)


async def test_a_book_that_was_held_up_never_lives_a_date_twice(database: Database) -> None:
    await _begun(database, 3)
    late = NOW + timedelta(seconds=10)
    async with database.transaction() as session:
        before = await business_date(session, late)
        assert await demo_book.arrive_today(session, late, 86_400)
    async with database.reading() as session:
        assert await business_date(session, late) == before == TODAY + timedelta(days=7)


async def test_the_asked_pace_goes_on_from_today(database: Database) -> None:
    await _begun(database, 3)
    now = NOW + timedelta(seconds=3)
    async with database.transaction() as session:
        assert await demo_book.arrive_today(session, now, 2)
    async with database.reading() as session:
        clock = await business_clock(session)
    assert (clock.day_seconds, clock.business_date(now)) == (2, TODAY)
