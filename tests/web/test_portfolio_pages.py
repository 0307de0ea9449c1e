"""The portfolio's pages: figures that open their loans, in both languages, empty books too."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import text

from domain.people import Role
from persistence.day_end.closing import close_day
from persistence.engine import Database
from persistence.products import seed_reference_data
from persistence.tables import CustomerRating
from tests.persistence.note_book import START
from tests.persistence.note_book import opened as opened_book
from tests.web.case_world import CaseWorld, open_case_world

PAGES = ("", "/migration", "/vintages", "/concentration", "/watch", "/notes")
LAST = START + timedelta(days=100)


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with database.transaction() as session:
        await seed_reference_data(session)
    async with open_case_world(database, tmp_path) as opened:
        await opened.hire("risk", Role.RISK_OFFICER)
        await opened.hire("wang", Role.CUSTOMER_MANAGER)
        yield opened


@pytest.mark.parametrize("page", PAGES)
async def test_an_empty_book_says_so_in_both_languages_and_is_not_for_everyone(
    world: CaseWorld, page: str
) -> None:
    english = await world.read("risk", f"/portfolio{page}")
    assert english.status_code == 200
    assert 'class="empty"' in english.text
    chinese = (await world.read("risk", f"/portfolio{page}", "zh-CN")).text
    assert 'class="empty"' in chinese
    assert "资产组合" in chinese
    assert (await world.read("wang", f"/portfolio{page}")).status_code == 403


async def _rate(database: Database, customer_id: UUID, *grades: tuple[date, str]) -> None:
    async with database.transaction() as session:
        for index, (day, grade) in enumerate(grades):
            at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
            last = index == len(grades) - 1
            session.add(
                CustomerRating(
                    id=uuid4(),
                    customer_id=customer_id,
                    cause="test",
                    rated_at=at,
                    rated_on=day,
                    valid_to_on=day + timedelta(days=365),
                    superseded_at=None if last else at + timedelta(days=1),
                    method="scorecard",
                    model="scorecard-1",
                    pd=Decimal("0.01"),
                    model_grade=grade,
                    grade=grade,
                    detail={},
                    challenger={},
                )
            )


async def _book(database: Database) -> list[UUID]:
    """Three notes, two in yuan; nobody has paid for a hundred days. One customer has fallen."""
    await opened_book(database)
    assert (await close_day(database, LAST)).closed
    async with database.reading() as session:
        found = (await session.execute(text("SELECT DISTINCT customer_id FROM loan"))).scalars()
        customers = list(found)
    await _rate(database, customers[0], (date(2025, 1, 10), "AA"), (date(2026, 4, 1), "B"))
    return customers


def _numbers(page: str) -> dict[str, str]:
    pairs = re.findall(
        r'figure-name">([^<]*)</dt><dd class="figure-value">(?:<a[^>]*>)?([^<]*)', page
    )
    return dict(pairs)


async def test_the_overview_ties_to_the_notes_and_each_figure_opens_them(
    world: CaseWorld, database: Database
) -> None:
    await _book(database)
    page = (await world.read("risk", "/portfolio")).text
    async with database.reading() as session:
        whole = (
            await session.execute(
                text("SELECT sum(outstanding) FROM note_status WHERE currency = 'CNY'")
            )
        ).scalar_one()
    assert f"{whole:,.2f}" in page
    assert "Stage 2: riskier since" in page
    for link in set(re.findall(r'href="(/portfolio/notes[^"]*)"', page)):
        opened = await world.read("risk", link.replace("&amp;", "&"))
        assert opened.status_code == 200, link
    everything = (await world.read("risk", "/portfolio/notes?currency=CNY&cut=all")).text
    assert everything.count('href="/cases/') == 2
    assert "PAR30" in page


async def test_late_notes_are_at_risk_and_on_the_watch_list(
    world: CaseWorld, database: Database
) -> None:
    await _book(database)
    late = (await world.read("risk", "/portfolio/notes?cut=quality&of=late_30")).text
    assert late.count('href="/cases/') >= 1
    watch = (await world.read("risk", "/portfolio/watch", "zh-CN")).text
    assert "逾期" in watch
    assert "一年内下调两级以上" in watch


async def test_a_cell_of_the_matrix_opens_its_customers(
    world: CaseWorld, database: Database
) -> None:
    customers = await _book(database)
    period = "since=2026-01-01&until=2026-05-01"
    page = (await world.read("risk", f"/portfolio/migration?{period}")).text
    cell = f"/portfolio/migration/customers?{period}&from=AA&to=B"
    assert cell.replace("&", "&amp;") in page
    moved = (await world.read("risk", cell)).text
    assert f'href="/customers/{customers[0]}"' in moved
    elsewhere = (await world.read("risk", cell.replace("to=B", "to=C"))).text
    assert 'class="empty"' in elsewhere
    assert (await world.read("risk", "/portfolio/migration?since=soon&until=")).status_code == 200


async def test_vintages_and_concentration_draw_what_their_tables_say(
    world: CaseWorld, database: Database
) -> None:
    await _book(database)
    vintages = (await world.read("risk", "/portfolio/vintages")).text
    assert "2026-Q1" in vintages
    assert "<polyline" in vintages
    concentration = (await world.read("risk", "/portfolio/concentration")).text
    assert "Above the limit" in concentration
    assert "not known" in concentration


@pytest.mark.parametrize(
    "query", ["cut=weather", "cut=grade&of=%00", "cut=customer&of=<script>", "page=0", "currency=x"]
)
async def test_nonsense_in_an_address_is_not_asked(world: CaseWorld, query: str) -> None:
    answer = await world.read("risk", f"/portfolio/notes?{query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.text
