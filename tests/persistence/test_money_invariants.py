"""What somebody might write past the guards of money in is named by the check of the books."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import text
from temporalio.testing import ActivityEnvironment

from activities.receipts import ReceiptActivities, RefundStep
from integrations.rail.messages import PaymentStatus
from persistence.engine import Database
from persistence.queries.invariants.amounts import amounts_are_sound
from persistence.queries.invariants.audit_chain import changes_are_audited
from persistence.queries.invariants.papers import stored_hashes
from persistence.queries.invariants.payouts import booked_payouts
from persistence.queries.invariants.refunds import refunds_are_right, statements_are_kept
from runner.rail_check import compared
from tests.persistence.money_book import MoneyBook, open_money_book, rows_of
from tests.persistence.money_steps import decided, held, proposed
from tests.workflows.outside import StubRail

TAMPERED = [
    (
        "refund_without_two_persons",
        "UPDATE refund SET proposer_person_id ="
        " (SELECT person_id FROM staff WHERE id = decided_by)",
    ),
    ("refund_without_two_persons", "UPDATE refund SET decided_by = NULL"),
    ("refund_not_in_ledger", "UPDATE journal SET key = 'x' WHERE key LIKE 'paid:%'"),
    ("refund_not_in_ledger", "UPDATE refund SET status = 'failed' WHERE status = 'settled'"),
    ("refund_above_receipt", "UPDATE refund SET amount = amount + 1 WHERE status = 'settled'"),
    (
        "promised_money_differs",
        "UPDATE receipt SET refund_pending = returned, returned = 0 WHERE returned > 0",
    ),
    ("refund_unknown_without_incident", "UPDATE refund SET status = 'unknown'"),
    ("held_without_incident", "UPDATE incident SET closed_at = now() WHERE kind = 'suspense'"),
    (
        "line_without_event",
        "UPDATE inbox_event SET body = '{}' WHERE provider = 'statement'",
    ),
    ("event_without_line", "DELETE FROM statement_line"),
    ("statement_lines_missing", "DELETE FROM statement_line"),
    (
        "line_taken_twice",
        "DROP INDEX statement_line_taken_once; UPDATE statement_line SET reference = 'same'",
    ),
    ("refund_unaudited", "UPDATE refund SET key = 'refund:other'"),
    ("statement_unaudited", "UPDATE bank_statement SET id = gen_random_uuid()"),
]


@pytest_asyncio.fixture
async def money(database: Database) -> AsyncIterator[MoneyBook]:
    """A book with one refund paid and one receipt held."""
    opened = await open_money_book(database)
    refund_id = await proposed(opened, await held(opened))
    await decided(opened, refund_id, opened.book.people["ops2"])
    rail = StubRail()
    pay = ReceiptActivities(database, rail)  # type: ignore[arg-type]
    await ActivityEnvironment().run(pay.instruct_refund, RefundStep(refund_id, opened.now()))
    await opened.taken(rows_of(opened.today, ("B-kept", "9.00", "")))
    await opened.posted()
    yield opened


async def codes(money: MoneyBook, tampering: str = "") -> set[str]:
    async with money.database.reading() as session:
        if tampering:
            for table in ("statement_line", "bank_statement", "journal"):
                await session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
            for statement in tampering.split("; "):
                await session.execute(text(statement))
        found = [
            await refunds_are_right(session),
            await statements_are_kept(session),
            await changes_are_audited(session),
            await amounts_are_sound(session),
        ]
        await session.rollback()
    return {one.code for check in found for one in check.breaks}


async def test_a_clean_book_has_no_breaks(money: MoneyBook) -> None:
    assert await codes(money) == set()
    async with money.database.reading() as session:
        kept = await stored_hashes(session)
    assert [kind for _, _, kind in kept] == ["statement", "statement"]


@pytest.mark.parametrize(("code", "tampering"), TAMPERED)
async def test_what_is_tampered_with_is_named(money: MoneyBook, code: str, tampering: str) -> None:
    assert code in await codes(money, tampering)


async def test_the_rails_list_knows_refunds_too(money: MoneyBook) -> None:
    async with money.database.reading() as session:
        booked = await booked_payouts(session)
    [(key, refund)] = booked.items()
    assert key.startswith("refund:")
    assert refund.status == PaymentStatus.SETTLED
    assert [found.code for found in compared([], booked).breaks] == ["payout_not_on_rail"]
    assert UUID(key.removeprefix("refund:"))
