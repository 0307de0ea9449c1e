"""The list of customers: found by a part of name or number, cut in order, counted right."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from domain.people import Actor, Role
from persistence.engine import Database
from persistence.products import seed_reference_data
from persistence.queries.customers import customer_list
from persistence.staff_accounts import seed_demo_staff
from runner.demo.desk import actor
from runner.demo.synthetic import synthetic_firms
from runner.demo.synthetic.putting import put_synthetic

FIRMS = synthetic_firms(30, date(2026, 11, 28))
READER = Actor("00000000-0000-4000-a000-000000000001", (Role.RISK_OFFICER,))


@pytest.fixture
async def book(database: Database) -> Database:
    async with database.transaction() as session:
        await seed_reference_data(session)
        await seed_demo_staff(session, "-", datetime(2026, 11, 28, tzinfo=UTC))
    await put_synthetic(database, FIRMS, actor("wanglei"), actor("liqiang"))
    return database


async def test_pages_follow_each_other_without_gap_or_repetition(book: Database) -> None:
    async with book.reading() as session:
        pages = [await customer_list(session, READER, "", number) for number in (1, 2)]
    names = [line.name for page in pages for line in page.lines]
    assert [len(page.lines) for page in pages] == [25, 5]
    assert sorted(names) == sorted(firm.name for firm in FIRMS)
    assert names == sorted(names)


@pytest.mark.parametrize("typed", ["1n 0007", "1N0007", "ma1n0007"])
async def test_a_part_of_a_number_finds_it_however_it_is_typed(book: Database, typed: str) -> None:
    async with book.reading() as session:
        found = await customer_list(session, READER, typed, 1)
    assert [line.registration_number for line in found.lines] == [FIRMS[7].number.value]


async def test_the_list_is_read_in_the_order_of_an_index(book: Database) -> None:
    async with book.reading() as session:
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        await session.execute(text("SET LOCAL enable_sort = off"))
        plan = "EXPLAIN SELECT id FROM customer ORDER BY name_key, id LIMIT 25"
        lines = (await session.execute(text(plan))).scalars().all()
    assert any("customer_by_name" in line for line in lines)
