"""The stress page: every firm rated again under a shock, nothing written, nonsense refused."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from domain.financials.statement import FinancialStatement
from domain.people import Role
from domain.portfolio.stress import Shock, stressed
from persistence.engine import Database
from persistence.products import seed_reference_data
from persistence.staff_accounts import seed_demo_staff
from persistence.statement_ratings import house_rater
from runner.demo.desk import actor
from runner.demo.synthetic import synthetic_firms
from runner.demo.synthetic.putting import put_synthetic
from tests.web.case_world import CaseWorld, open_case_world


def _grade(years: Sequence[FinancialStatement]) -> str | None:
    return house_rater().rate(years).grade


FIRMS = synthetic_firms(14, date(2026, 11, 28))


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with database.transaction() as session:
        await seed_reference_data(session)
        await seed_demo_staff(session, "-", datetime.now(UTC))
    async with open_case_world(database, tmp_path) as opened:
        await opened.hire("risk", Role.RISK_OFFICER)
        await opened.hire("wang", Role.CUSTOMER_MANAGER)
        yield opened


async def test_without_a_shock_or_a_firm_the_page_says_so(world: CaseWorld) -> None:
    assert "Enter a shock" in (await world.read("risk", "/portfolio/stress")).text
    assert "请输入冲击" in (await world.read("risk", "/portfolio/stress", "zh-CN")).text
    alone = (await world.read("risk", "/portfolio/stress?sales=-20")).text
    assert "No customer has filed statements yet" in alone
    assert (await world.read("wang", "/portfolio/stress")).status_code == 403


async def test_a_shock_moves_the_firms_the_model_moves(
    world: CaseWorld, database: Database
) -> None:
    await put_synthetic(database, FIRMS, actor("wanglei"), actor("liqiang"))
    async with database.reading() as session:
        count = text("SELECT count(*) FROM customer_rating")
        before = (await session.execute(count)).scalar_one()
    page = (await world.read("risk", "/portfolio/stress?sales=-30&margin=8&interest=2")).text
    shock = Shock(Decimal("-0.30"), Decimal("0.08"), Decimal("0.02"))
    fallen = [
        firm.name
        for firm in FIRMS
        if _grade(firm.statements)
        != _grade((*firm.statements[:-1], stressed(firm.statements[-1], shock)))
    ]
    moved = page[page.index('id="movers"') :]
    assert fallen
    assert set(re.findall(r'href="/customers/[^"]*">([^<]*)</a>', moved)) == set(fallen)
    assert page.count('<rect class="series-') == 16
    async with database.reading() as session:
        assert (await session.execute(count)).scalar_one() == before


@pytest.mark.parametrize("query", ["sales=-95", "interest=-1", "margin=much", "sales=1e3"])
async def test_a_shock_that_cannot_be_is_refused_in_the_readers_language(
    world: CaseWorld, query: str
) -> None:
    english = await world.read("risk", f"/portfolio/stress?{query}")
    assert english.status_code == 422
    assert "Please enter percentages" in english.text
    assert "请输入百分数" in (await world.read("risk", f"/portfolio/stress?{query}", "zh-CN")).text
