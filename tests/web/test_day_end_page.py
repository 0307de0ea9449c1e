"""The day end page: steps and tie-out, the portfolio, and who may run a day again."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest_asyncio

from domain.people import Role
from persistence.day_end.closing import close_day
from persistence.engine import Database
from persistence.queries.day_end import note_standing
from tests.persistence.note_book import START
from tests.persistence.note_book import opened as opened_book
from tests.web.case_world import CaseWorld, open_case_world
from tests.web.desk_world import post


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with open_case_world(database, tmp_path) as opened:
        await opened.hire("sun", Role.OPERATIONS)
        await opened.hire("chen", Role.AUDITOR)
        await opened.hire("wang", Role.CUSTOMER_MANAGER)
        yield opened


async def test_an_empty_book_says_so_in_both_languages(world: CaseWorld) -> None:
    for path in ("/day-end", "/day-end/portfolio"):
        assert "No day has ended yet" in (await world.read("chen", path)).text
        assert "尚无日终" in (await world.read("chen", path, "zh-CN")).text
        assert (await world.read("wang", path)).status_code == 403


async def test_a_closed_day_shows_its_steps_and_can_be_run_again(
    world: CaseWorld, database: Database
) -> None:
    book = await opened_book(database)
    first, last = START + timedelta(days=99), START + timedelta(days=100)
    for day in (first, last):
        assert (await close_day(database, day)).closed
    page = (await world.read("sun", "/day-end")).text
    assert page.count('number">0.00<') == 2
    assert "Ledger tie-out" in page
    assert page.count("/again") == 1
    assert page.count('<details class="act-more" id="steps-') == 2
    assert not re.search(r'id="steps-[0-9-]+" open', page)  # closed days are folded
    assert "/again" not in (await world.read("chen", "/day-end", "zh-CN")).text
    portfolio = (await world.read("chen", "/day-end/portfolio")).text
    assert "Special mention" in portfolio
    assert "61 to 90 days" in portfolio
    assert (await post(world, "sun", f"/day-end/{last}/again", {})).status_code == 303
    assert (await post(world, "sun", f"/day-end/{first}/again", {})).status_code == 404
    assert (await post(world, "chen", f"/day-end/{last}/again", {})).status_code == 403
    async with database.reading() as session:
        standing = await note_standing(session, next(iter(book.cases)))
    assert standing is not None
    assert standing.five_class != "normal"
