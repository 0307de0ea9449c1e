"""Synthetic firms in the books: held by four eyes, rated year by year, put in once."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import text

from persistence.engine import Database
from persistence.products import seed_reference_data
from persistence.queries.customer_ratings import rating_history
from persistence.queries.customer_statements import statements_of
from persistence.queries.portfolio import rated_customers
from persistence.staff_accounts import seed_demo_staff
from runner.demo.desk import actor
from runner.demo.synthetic import synthetic_firms
from runner.demo.synthetic.putting import put_synthetic

TODAY = date(2026, 11, 28)
FIRMS = synthetic_firms(33, TODAY)
NOW = datetime(2026, 11, 28, 4, tzinfo=UTC)


async def _opened(database: Database) -> None:
    async with database.transaction() as session:
        await seed_reference_data(session)
        await seed_demo_staff(session, "-", NOW)
    assert await put_synthetic(database, FIRMS, actor("wanglei"), actor("liqiang")) == len(FIRMS)


async def test_statements_ratings_and_entries_are_those_of_the_firm(database: Database) -> None:
    await _opened(database)
    async with database.reading() as session:
        for firm in FIRMS[:12]:
            found = await session.execute(
                text("SELECT id, industry FROM customer WHERE registration_number = :number"),
                {"number": firm.number.value},
            )
            customer_id, industry = found.one()
            held = await statements_of(session, customer_id, None)
            assert industry == firm.industry
            assert [one.year for one in held] == [2025, 2024, 2023]
            assert dict(held[0].lines) == dict(firm.statements[-1].lines)
            ratings = await rating_history(session, customer_id)
            assert [one.statement_year for one in ratings] == [2025, 2024]
            assert [one.superseded_at is None for one in ratings] == [True, False]


async def test_the_dossier_of_an_earlier_day_knows_only_what_was_filed_by_then(
    database: Database,
) -> None:
    await _opened(database)
    async with database.reading() as session:
        (customer_id,) = (await session.execute(text("SELECT id FROM customer LIMIT 1"))).one()
        earlier = await statements_of(session, customer_id, datetime(2025, 9, 1, tzinfo=UTC))
        assert [one.year for one in earlier] == [2024, 2023]
        moved = await rated_customers(session, date(2025, 9, 1), TODAY)
    assert len(moved) == len(FIRMS)
    assert any(one.before != one.after for one in moved)


async def test_putting_them_in_again_adds_nothing_and_leaves_no_work(database: Database) -> None:
    await _opened(database)
    assert await put_synthetic(database, FIRMS, actor("wanglei"), actor("liqiang")) == 0
    async with database.reading() as session:
        open_work = "SELECT count(*) FROM customer_work WHERE done_at IS NULL"
        assert (await session.execute(text(open_work))).scalar_one() == 0
        own = "SELECT count(*) FROM financial_statement WHERE proposed_by = approved_by"
        assert (await session.execute(text(own))).scalar_one() == 0
