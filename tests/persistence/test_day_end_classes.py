"""Five-class by sets follows the rule of the domain: upgrades refused and granted, contagion."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import text

from persistence.day_end.closing import close_day
from persistence.engine import Database
from tests.persistence.test_day_end import START, put

PAID_ALL = """
UPDATE instalment SET interest_paid = interest, principal_paid = principal, paid_on = :on
WHERE due_on <= :on
"""

LOANS_AS_LEFT = """
INSERT INTO journal_line (journal_id, account, amount, currency)
SELECT min(j.id), 'loans', sum(i.principal - i.principal_paid), l.currency
FROM instalment i JOIN loan l ON l.id = i.loan_id JOIN journal j ON j.loan_id = l.id
GROUP BY l.id HAVING sum(i.principal - i.principal_paid) > 0
"""


async def classes(database: Database) -> set[tuple[str, str]]:
    async with database.reading() as session:
        rows = await session.execute(
            text("SELECT own_class, five_class FROM note_status WHERE outstanding > 0")
        )
        return {(row[0], row[1]) for row in rows}


async def settle(database: Database, on: date) -> None:
    """Everything due is paid, and the ledger says so; the day's own figures are not the point."""
    async with database.transaction() as session:
        await session.execute(text(PAID_ALL), {"on": on})
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        await session.execute(text("DELETE FROM journal_line WHERE account = 'loans'"))
        await session.execute(text(LOANS_AS_LEFT))


async def test_an_upgrade_is_refused_at_month_five(database: Database) -> None:
    await put(database, START)
    bad_on = START + timedelta(days=150)
    await close_day(database, bad_on)
    assert ("substandard", "substandard") in await classes(database)
    await settle(database, bad_on)
    assert (await close_day(database, bad_on + timedelta(days=1))).closed
    bad = {own for own, _ in await classes(database)} & {"substandard"}
    assert bad
    for months, expected in ((5, True), (7, False)):
        day = bad_on + timedelta(days=31 * months)
        await settle(database, day)
        assert (await close_day(database, day)).closed
        found = {own for own, _ in await classes(database)}
        assert ("substandard" in found) is expected
