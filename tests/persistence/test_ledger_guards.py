"""What the database itself refuses of the ledger, whoever writes."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from persistence.engine import Database
from tests.persistence.note_book import AT, START, ledger, opened, rows

HEAD = """
INSERT INTO journal (key, kind, business_on, posted_at)
VALUES ('by hand', 'adjustment', :on, :at) RETURNING id
"""
LINE = """
INSERT INTO journal_line (journal_id, account, amount, currency)
VALUES (:journal, 'loans', CAST(:amount AS numeric), :currency)
"""


async def by_hand(database: Database, *postings: tuple[str, str]) -> None:
    async with database.transaction() as session:
        journal = (await session.execute(text(HEAD), {"on": START, "at": AT})).scalar_one()
        for amount, currency in postings:
            values = {"journal": journal, "amount": amount, "currency": currency}
            await session.execute(text(LINE), values)
        assert (await session.execute(text("SELECT count(*) FROM journal"))).scalar_one()


@pytest.mark.parametrize(
    "postings",
    [
        (("100.00", "CNY"),),
        (("100.00", "CNY"), ("-99.99", "CNY")),
        (("100.00", "CNY"), ("-100.00", "USD")),
        (("100.00", "CNY"), ("-100.00", "CNY"), ("0.01", "USD")),
    ],
)
async def test_a_journal_that_does_not_sum_to_zero_is_refused_at_the_commit(
    database: Database, postings: tuple[tuple[str, str], ...]
) -> None:
    with pytest.raises(DBAPIError, match="does not sum to zero"):
        await by_hand(database, *postings)
    assert await rows(database, "SELECT * FROM journal") == []
    await by_hand(database, ("100.00", "CNY"), ("-100.00", "CNY"))
    assert await ledger(database) == {"loans": 0}


@pytest.mark.parametrize("amount", ["0.00", "NaN", "Infinity", "10000000000000.00"])
async def test_an_amount_that_is_no_money_is_refused(database: Database, amount: str) -> None:
    with pytest.raises(DBAPIError):
        await by_hand(database, (amount, "CNY"), (f"-{amount}", "CNY"))


async def test_the_same_journal_is_booked_once(database: Database) -> None:
    await by_hand(database, ("1.00", "CNY"), ("-1.00", "CNY"))
    with pytest.raises(DBAPIError, match="journal_key_key"):
        await by_hand(database, ("1.00", "CNY"), ("-1.00", "CNY"))


@pytest.mark.parametrize("table", ["journal", "journal_line", "account_event"])
@pytest.mark.parametrize("act", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
async def test_what_is_booked_stands(database: Database, table: str, act: str) -> None:
    await opened(database)
    column = "key" if table == "journal" else "loan_id" if table == "account_event" else "amount"
    before = await rows(database, f"SELECT * FROM {table} ORDER BY 1, 2")  # noqa: S608 # our names
    with pytest.raises(DBAPIError, match="append only"):
        async with database.transaction() as session:
            await session.execute(text(act.format(table, column, column)))
    assert await rows(database, f"SELECT * FROM {table} ORDER BY 1, 2") == before  # noqa: S608
