"""A change of pace keeps the business days that are left of a customer's deadlines."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from domain.customers import WorkKind
from persistence.clock import set_pace
from persistence.customer_work import add_work, agenda_of, customers_with_due_work
from persistence.engine import Database
from persistence.tables import CustomerWork
from tests.workflows.book import Book

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)


async def test_what_is_left_of_a_deadline_is_stretched_and_what_is_due_stays(
    database: Database,
) -> None:
    book = Book(database)
    await book.open()
    async with database.transaction() as session:
        await set_pace(session, NOW, 1)
    ahead, past = NOW + timedelta(seconds=30), NOW - timedelta(seconds=5)
    async with database.transaction() as session:
        await add_work(session, book.customer_id, WorkKind.REVIEW, "ahead", NOW, ahead)
        await add_work(session, book.customer_id, WorkKind.REVIEW, "past", NOW, past)
    async with database.transaction() as session:
        await set_pace(session, NOW, 86_400)
    rows = {row.cause: row.due_at for row in await book.all_of(CustomerWork)}
    assert rows == {"ahead": NOW + timedelta(days=30), "past": past}


async def test_work_for_a_date_waits_for_that_date_by_whatever_clock_rules(
    database: Database,
) -> None:
    book = Book(database)
    await book.open()
    customer = book.customer_id
    async with database.transaction() as session:
        await set_pace(session, NOW, 1)  # by this clock the day would begin in some seconds
    async with database.transaction() as session:
        on = date(2026, 3, 20)
        await add_work(session, customer, WorkKind.REVIEW, "dated", NOW, due_on=on)
    async with database.transaction() as session:
        await set_pace(session, NOW, 86_400)
    begins = datetime(2026, 3, 19, 16, tzinfo=UTC)
    async with database.reading() as session:
        assert (await agenda_of(session, customer, NOW)).work is None
        assert await customers_with_due_work(session, NOW + timedelta(days=2)) == []
        before = await agenda_of(session, customer, NOW + timedelta(days=2))
        assert before.next_at is not None
        assert abs(before.next_at - begins) < timedelta(days=1)
        due = await agenda_of(session, customer, before.next_at)
        assert due.work is not None
        assert await customers_with_due_work(session, before.next_at) == [customer]
