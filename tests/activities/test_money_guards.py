"""What the database itself refuses about money, whatever the program believes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from domain.ledger import release_journal
from domain.money import Currency
from domain.violations import LoanRuleViolation
from persistence.engine import Database
from persistence.journals import book
from persistence.tables import JournalLine, JournalRow
from tests.activities.conftest import Desk
from tests.workflows.book import Book

ON = date(2026, 1, 5)


async def _journal(database: Database, *lines: tuple[str, str, str]) -> None:
    async with database.transaction() as session:
        row = JournalRow(
            key="k", kind="receipt", business_on=ON, posted_at=datetime.now(UTC), loan_id=None
        )
        session.add(row)
        await session.flush()
        assert row.id is not None
        session.add_all(
            JournalLine(journal_id=row.id, account=account, amount=Decimal(amount), currency=unit)
            for account, amount, unit in lines
        )


@pytest.mark.parametrize(
    "lines",
    [
        [("clearing", "5.00", "CNY"), ("suspense", "-4.99", "CNY")],
        [("clearing", "5.00", "CNY"), ("suspense", "-5.00", "USD")],
        [("clearing", "5.00", "CNY")],
    ],
)
async def test_a_journal_that_does_not_balance_is_refused_at_commit(
    database: Database, lines: list[tuple[str, str, str]]
) -> None:
    with pytest.raises(DBAPIError, match="does not sum to zero"):
        await _journal(database, *lines)
    assert await Book(database).all_of(JournalRow) == []


@pytest.mark.parametrize("amount", ["NaN", "0", "1e13"])
async def test_a_posting_that_is_no_amount_is_refused(database: Database, amount: str) -> None:
    with pytest.raises(IntegrityError, match="ck_journal_line_amount_range"):
        await _journal(
            database,
            ("clearing", amount, "CNY"),
            ("suspense", f"-{amount}".replace("-N", "N"), "CNY"),
        )


@pytest.mark.parametrize("amount", ["NaN", "-1", "0", "1e13"])
async def test_a_drawdown_that_is_no_amount_is_refused(desk: Desk, amount: str) -> None:
    loan_id = await desk.at_release()
    change = text("UPDATE drawdown SET amount = CAST(:amount AS numeric) WHERE loan_id = :loan_id")
    async with desk.database.reading() as session:
        with pytest.raises(IntegrityError, match="ck_drawdown_amount_range"):
            await session.execute(change, {"amount": amount, "loan_id": loan_id})


@pytest.mark.parametrize("table", ["loan", "contract", "payout", "collection", "receipt"])
async def test_every_money_table_holds_its_amounts_in_range(database: Database, table: str) -> None:
    async with database.reading() as session:
        rows = await session.execute(
            text(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE contype = 'c' AND conrelid = CAST(:table AS regclass)"
            ),
            {"table": table},
        )
        checks = " ".join(rows.scalars())
    assert "> (0)::numeric" in checks or "> 0" in checks or ">= (0)::numeric" in checks
    assert "10000000000000" in checks, "NaN is larger than any number: only the cap refuses it"


async def test_an_amount_finer_than_the_currency_never_reaches_the_books(
    database: Database,
) -> None:
    with pytest.raises(LoanRuleViolation):
        release_journal("k", ON, Decimal("5.005"), Currency.CNY)


async def test_a_journal_is_booked_once_under_its_key(database: Database) -> None:
    journal = release_journal("disb:x:1", ON, Decimal("5.00"), Currency.CNY)
    for booked in (True, False):
        async with database.transaction() as session:
            assert await book(session, journal, datetime.now(UTC), None) is booked
    assert len(await Book(database).all_of(JournalLine)) == 4
