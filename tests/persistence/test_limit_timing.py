"""An alert keeps a customer from asking for more: while it is open, and some time after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from domain.limits.timing import Reason, TimingRule
from persistence.alerts import raise_alert
from persistence.clock import business_date
from persistence.engine import Database
from persistence.queries.limit_timing import timing_advice
from persistence.queries.limits import limit_tree
from persistence.tables import Alert
from tests.workflows.book import Book


async def rules(book: Book) -> dict[TimingRule, Reason]:
    now = datetime.now(UTC)
    async with book.database.reading() as session:
        today = await business_date(session, now)
        tree = await limit_tree(session, book.customer_id, today)
        advice = await timing_advice(session, book.customer_id, tree, today)
    return {reason.rule: reason for one in advice for reason in one.reasons}


async def test_an_open_alert_is_a_reason_to_wait_and_a_closed_one_for_a_while(
    database: Database,
) -> None:
    book = Book(database)
    await book.open()
    assert TimingRule.ALERT_CLOSED not in await rules(book)
    now = datetime.now(UTC)
    async with database.transaction() as session:
        await raise_alert(session, book.customer_id, "tax_arrears", now, {"tax_arrears": "1.00"})
    assert (await rules(book))[TimingRule.ALERT_CLOSED].on is None
    async with database.transaction() as session:
        await session.execute(update(Alert).values(closed_at=now))
        today = await business_date(session, now)
    waits_to = (await rules(book))[TimingRule.ALERT_CLOSED].on
    assert waits_to is not None
    assert waits_to - today == timedelta(days=30)
