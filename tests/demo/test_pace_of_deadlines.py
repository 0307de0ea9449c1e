"""A change of pace keeps the business days that are left of a customer's deadlines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from domain.customers import WorkKind
from persistence.clock import set_pace
from persistence.customer_work import add_work
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
