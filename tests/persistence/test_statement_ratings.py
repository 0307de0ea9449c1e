"""The whole book rated again in one run: each rating supersedes the one before, once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from persistence import statement_ratings
from persistence.engine import Database
from persistence.products import seed_reference_data
from persistence.staff_accounts import seed_demo_staff
from persistence.statement_ratings import Rerated, house_rater, rerate_book
from runner.demo.desk import actor
from runner.demo.synthetic import synthetic_firms
from runner.demo.synthetic.putting import put_synthetic

AT = datetime(2026, 11, 28, 4, tzinfo=UTC)
FIRMS = synthetic_firms(7, date(2026, 11, 28))
_IN_FORCE = """
SELECT u.registration_number, r.grade, r.cause FROM customer_rating r
JOIN customer u ON u.id = r.customer_id WHERE r.superseded_at IS NULL
"""


@pytest.fixture
async def book(database: Database) -> Database:
    async with database.transaction() as session:
        await seed_reference_data(session)
        await seed_demo_staff(session, "-", AT)
    await put_synthetic(database, FIRMS, actor("wanglei"), actor("liqiang"))
    return database


async def test_every_firm_is_rated_from_its_own_newest_year_in_parts_of_any_size(
    book: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statement_ratings, "AT_ONCE", 3)
    assert await rerate_book(book, "new-model", AT) == Rerated(7, 7)
    async with book.reading() as session:
        found = {row[0]: (row[1], row[2]) for row in (await session.execute(text(_IN_FORCE))).all()}
    rater = house_rater()
    assert found == {
        firm.number.value: (rater.rate(firm.statements).grade, "new-model") for firm in FIRMS
    }


async def test_run_again_it_writes_nothing_twice(book: Database) -> None:
    await rerate_book(book, "new-model", AT)
    assert await rerate_book(book, "new-model", AT) == Rerated(7, 0)
    async with book.reading() as session:
        count = await session.execute(text("SELECT count(*) FROM customer_rating"))
        assert count.scalar_one() == 7 * 3


async def test_a_book_without_statements_has_nothing_to_rate(database: Database) -> None:
    assert await rerate_book(database, "new-model", AT) == Rerated(0, 0)
