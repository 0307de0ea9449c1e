"""The quote page: what it computes, what it refuses and where, and the file of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from domain.people import Role
from persistence.engine import Database
from tests.web.case_world import CaseWorld, open_case_world

TERMS = (
    "amount=1200000.00&currency=CNY&rate=4.35&method={method}&instalments=12&unit=month&every=1"
    "&drawn_on=2026-03-02&day_count=30/360&month_end=last_day&holiday=none"
)


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with open_case_world(database, tmp_path) as opened:
        await opened.hire("wang", Role.CUSTOMER_MANAGER)
        yield opened


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_the_form_stands_in_both_languages(world: CaseWorld, language: str) -> None:
    page = await world.read("wang", "/quote", language)
    assert page.status_code == 200
    assert ("试算" in page.text) == (language == "zh-CN")


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        (TERMS.format(method="equal_principal"), "28,275.00"),  # 1.2m x 0.0435 / 12 x 6.5
        (TERMS.format(method="interest_first_bullet"), "52,200.00"),
        (TERMS.format(method="balloon") + "&balloon=600000", "651,001.07"),
        (TERMS.format(method="custom") + "&custom=2027-03-02+1200000.00", "52,200.00"),
    ],
)
async def test_a_quote_shows_its_figures(world: CaseWorld, query: str, seen: str) -> None:
    page = await world.read("wang", f"/quote?{query}")
    assert page.status_code == 200
    assert seen in page.text
    assert "style=" not in page.text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (TERMS.format(method="flat").replace("rate=4.35", "rate=101"), "rate"),
        (TERMS.format(method="balloon"), "balloon"),
        (TERMS.format(method="step_up") + "&step_shares=50", "step_shares"),
        (TERMS.format(method="custom") + "&custom=2027-03-02+1.00", "custom"),
        (TERMS.format(method="flat") + "&fee=1200000", "fee"),
        ("amount=1", "rate"),
    ],
)
async def test_bad_terms_are_refused_beside_their_field(
    world: CaseWorld, query: str, field: str
) -> None:
    page = await world.read("wang", f"/quote?{query}")
    assert page.status_code == 422
    assert f'id="field-{field}-error"' in page.text


async def test_the_file_has_a_row_for_every_instalment(world: CaseWorld) -> None:
    sent = await world.read("wang", "/quote.csv?" + TERMS.format(method="equal_principal"))
    assert sent.headers["content-disposition"] == 'attachment; filename="quote.csv"'
    assert len(sent.text.splitlines()) == 13
