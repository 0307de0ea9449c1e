"""The page that watches the models, empty and with two years of ratings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest_asyncio

from domain.people import Role
from persistence.engine import Database
from persistence.products import seed_reference_data
from persistence.staff_accounts import seed_demo_staff
from runner.demo.desk import actor
from runner.demo.synthetic import synthetic_firms
from runner.demo.synthetic.putting import put_synthetic
from tests.web.case_world import CaseWorld, open_case_world


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with database.transaction() as session:
        await seed_reference_data(session)
        await seed_demo_staff(session, "-", datetime.now(UTC))
    async with open_case_world(database, tmp_path) as opened:
        await opened.hire("risk", Role.RISK_OFFICER)
        await opened.hire("wang", Role.CUSTOMER_MANAGER)
        yield opened


async def test_without_ratings_the_page_says_so(world: CaseWorld) -> None:
    assert "Nobody has been rated yet" in (await world.read("risk", "/models")).text
    assert "尚无客户被评级" in (await world.read("risk", "/models", "zh-CN")).text
    assert (await world.read("wang", "/models")).status_code == 403


async def test_two_years_of_ratings_show_every_measure(
    world: CaseWorld, database: Database
) -> None:
    firms = synthetic_firms(24, date(2026, 11, 28))
    await put_synthetic(database, firms, actor("wanglei"), actor("liqiang"))
    page = (await world.read("risk", "/models")).text
    assert "Liabilities by assets" in page
    assert "The newest year against the firms the scorecard was fitted on" in page
    assert "Ratings of 2026 against those of 2025" in page
    assert 'scope="row">2025</th>' in page
    assert "of 48 ratings have the same grade in both" in page
    chinese = (await world.read("risk", "/models", "zh-CN")).text
    assert "客群稳定性" in chinese
    assert "总负债/总资产" in chinese
