"""The audit chain: without a gap, recomputable, and nobody changes it."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from domain.violations import LoanRuleViolation
from persistence.audit import GENESIS, AuditEntry, audit_savepoint, link_sha256, record
from persistence.engine import Database
from persistence.tables import AuditEvent
from tests.activities.conftest import Desk
from tests.workflows.book import Book


async def _chain(database: Database) -> list[AuditEvent]:
    rows = await Book(database).all_of(AuditEvent)
    return sorted(rows, key=lambda row: row.sequence)


async def test_every_link_recomputes_from_its_row_and_the_link_before(desk: Desk) -> None:
    await desk.at_release()
    chain = await _chain(desk.database)
    assert len(chain) > 20
    previous = GENESIS
    for number, row in enumerate(chain, start=1):
        entry = AuditEntry(
            row.at, row.action, row.loan_id, row.subject, row.staff_id, row.role, row.data
        )
        assert (row.sequence, row.previous_sha256) == (number, previous)
        assert row.sha256 == link_sha256(number, previous, entry)
        previous = row.sha256


def _floats(value: object) -> list[float]:
    if isinstance(value, dict):
        return [found for part in value.values() for found in _floats(part)]
    if isinstance(value, list):
        return [found for part in value for found in _floats(part)]
    return [value] if isinstance(value, float) else []


async def test_the_chain_holds_exact_figures_as_texts_and_no_binary_fraction(desk: Desk) -> None:
    await desk.at_release()
    assert [found for row in await _chain(desk.database) for found in _floats(row.data)] == []
    async with desk.database.transaction() as session:
        figures = {"rate": Decimal("0.0435"), "days": [date(2026, 3, 2)]}
        record(session, "figures.noted", datetime.now(UTC), amount=Decimal("1E+6"), told=figures)
        for wrong in (0.1, [0.1], {"rate": 0.1}):
            with pytest.raises(TypeError):
                record(session, "figures.noted", datetime.now(UTC), amount=wrong)
    noted = (await _chain(desk.database))[-1]
    assert noted.data == {
        "amount": "1000000",
        "told": {"rate": "0.0435", "days": ["2026-03-02"]},
    }


async def test_writers_at_once_leave_no_gap(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.transaction() as session:
            record(session, "something.happened", datetime.now(UTC), number=number)

    await asyncio.gather(*(write(number) for number in range(40)))
    chain = await _chain(database)
    assert [row.sequence for row in chain] == list(range(1, 41))
    assert {row.data["number"] for row in chain} == set(range(40))


async def test_what_was_rolled_back_leaves_no_link(database: Database) -> None:
    async def broken_off(part: AbstractAsyncContextManager[object], session: AsyncSession) -> None:
        async with part:
            record(session, "never.happened", datetime.now(UTC))
            raise LoanRuleViolation("refused")

    async with database.transaction() as session:
        record(session, "first.happened", datetime.now(UTC))
        with pytest.raises(LoanRuleViolation):
            await broken_off(audit_savepoint(session), session)
        record(session, "second.happened", datetime.now(UTC))
    chain = await _chain(database)
    assert [row.action for row in chain] == ["first.happened", "second.happened"]


@pytest.mark.parametrize("table", ["audit_event", "journal_line"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
async def test_the_database_itself_refuses_to_forget(desk: Desk, table: str, change: str) -> None:
    async with desk.database.transaction() as session:
        record(session, "something.happened", datetime.now(UTC))
        key = str(uuid4())
        await session.execute(
            text(
                "WITH j AS (INSERT INTO journal (key, kind, business_on, posted_at)"
                " VALUES (:key, 'receipt', '2026-01-01', now()) RETURNING id)"
                " INSERT INTO journal_line (journal_id, account, amount, currency)"
                " SELECT id, account, amount, 'CNY' FROM j,"
                " (VALUES ('clearing', 5.00), ('suspense', -5.00)) AS v (account, amount)"
            ),
            {"key": key},
        )
    column = "action" if table == "audit_event" else "account"
    statement = change.format(table, column, "'other'")
    with pytest.raises(DBAPIError, match="append only"):
        async with desk.database.transaction() as session:
            await session.execute(text(statement))
