"""The payoff quote's page: its figures are the engine's, and it leads to the payoff."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from language.catalogue import Language
from language.formats import plain_amount_text
from persistence.changes import quote_payoff
from persistence.engine import Database
from tests.web.case_world import open_case_world
from tests.web.change_world import LATE, REPAID, ChangeWorld, change_world


@pytest_asyncio.fixture(params=[REPAID, LATE], ids=["paid", "late"])
async def world(
    database: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[ChangeWorld]:
    async with open_case_world(database, tmp_path) as opened:
        yield await change_world(opened, request.param)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("days", [0, 1, 45, -10])
async def test_the_quote_of_any_day_is_the_engines(
    world: ChangeWorld, days: int, language: Language
) -> None:
    on = world.today + timedelta(days=days)
    page = await world.case.read("wang", f"/loans/{world.loan}/payoff?on={on}", language)
    assert page.status_code == 200
    async with world.case.services.database.reading() as session:
        quote = await quote_payoff(session, world.loan, on)
    for amount in (quote.principal, quote.interest, quote.penalty, quote.compound, quote.total):
        assert plain_amount_text(amount, "CNY", language) in page.text
    assert ("kind=payoff" in page.text) == (on <= world.today)


async def test_without_a_day_it_is_todays_and_leads_to_the_payoff(world: ChangeWorld) -> None:
    page = await world.case.read("wang", f"/loans/{world.loan}/payoff")
    assert f'value="{world.today}"' in page.text
    way = world.address(f"/new?kind=payoff&amp;effective_on={world.today}&amp;fee=0")
    assert way in page.text
    there = await world.case.read("wang", way.replace("&amp;", "&"))
    assert there.status_code == 200
    assert "Propose the change" in there.text


async def test_a_reader_sees_the_quote_but_no_way_to_propose(world: ChangeWorld) -> None:
    page = await world.case.read("qian", f"/loans/{world.loan}/payoff")
    assert page.status_code == 200
    assert "kind=payoff" not in page.text
    assert (await world.case.read("zhou", f"/loans/{world.loan}/payoff")).status_code == 404


@pytest.mark.parametrize(
    "day", ["", "2026-02-30", "soon", "1999-01-01", "2101-01-01", "9999-12-31", "２０２６-01-01"]
)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_a_bad_day_is_refused_at_its_field_and_stays(
    world: ChangeWorld, day: str, language: str
) -> None:
    page = await world.case.read("wang", f"/loans/{world.loan}/payoff?on={day}", language)
    assert page.status_code == 422
    assert 'href="#field-on"' in page.text
    assert f'value="{day}"' in page.text
    general = "does not meet the bank" if language == "en" else "不符合本行规定"
    assert general not in page.text
