"""The pages of the working calendar: what rules, proposing, the difference first, the verdict."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import func, select
from sqlmodel import col

from domain.people import Role
from domain.working_days import DecideCalendar
from persistence.engine import Database
from persistence.tables import CalendarVersion
from tests.web.case_world import CaseWorld, open_case_world

GOOD = {
    "year": "2031",
    "off": "2031-01-01\n2031-01-20..2031-01-27\n2031-10-01..2031-10-07",
    "worked": "2031-01-18",
    "official": "yes",
    "source": "notice of the State Council",
}


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with open_case_world(database, tmp_path) as opened:
        await opened.hire("risk", Role.RISK_OFFICER)
        await opened.hire("second", Role.RISK_OFFICER)
        await opened.hire("wang", Role.CUSTOMER_MANAGER)
        yield opened


async def proposed(world: CaseWorld) -> str:
    answer = await world.send("risk", "/calendar/versions", **GOOD)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def stored(world: CaseWorld) -> int:
    mine = select(func.count()).where(col(CalendarVersion.source) != "seed")
    async with world.services.database.reading() as session:
        found: int = (await session.execute(mine)).scalar_one()
        return found


@pytest.mark.parametrize(
    ("language", "title", "state"),
    [("en", "Working days", "Provisional"), ("zh-CN", "工作日历", "暂定")],
)
async def test_the_years_stand_with_how_sure_they_are(
    world: CaseWorld, language: str, title: str, state: str
) -> None:
    page = await world.read("wang", "/calendar", language)
    assert page.status_code == 200
    assert title in page.text
    assert state in page.text
    assert 'action="/calendar/versions"' not in page.text, "who may not propose gets no form"
    assert 'action="/calendar/versions"' in (await world.read("risk", "/calendar")).text


async def test_a_year_is_proposed_shown_as_a_difference_and_decided_by_another(
    world: CaseWorld,
) -> None:
    path = await proposed(world)
    own = (await world.read("risk", path)).text
    assert "Another person must decide" in own
    assert f'action="{path}/decision"' not in own
    other = (await world.read("second", path)).text
    assert "What it would change" in other
    assert "No due date of the 0 loans" in other
    done = await world.send("second", f"{path}/decision", answer="approve")
    assert done.status_code == 303
    [command] = world.process.asked
    assert isinstance(command, DecideCalendar)
    assert (command.approve, str(command.version_id)) == (True, path.rsplit("/", 1)[1])
    assert (await world.send("wang", f"{path}/decision", answer="approve")).status_code == 403


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"year": "1999"}, "year"),
        ({"year": "next"}, "year"),
        ({"off": "2031-02-30"}, "off"),
        ({"off": "2030-10-01"}, "off"),
        ({"off": "2031-01-18"}, "off"),
        ({"worked": "2031-01-20"}, "worked"),
        ({"worked": "<b>"}, "worked"),
        ({"source": ""}, "source"),
    ],
)
async def test_a_bad_year_is_refused_beside_its_entry_and_what_was_typed_stays(
    world: CaseWorld, changes: dict[str, str], field: str, language: str
) -> None:
    page = await world.send("risk", "/calendar/versions", language, **{**GOOD, **changes})
    assert page.status_code == 422
    assert f'id="field-{field}-error"' in page.text
    assert "notice of the State Council" in page.text or field == "source"
    assert await stored(world) == 0


async def test_a_year_waits_only_once(world: CaseWorld) -> None:
    await proposed(world)
    page = await world.send("risk", "/calendar/versions", **GOOD)
    assert page.status_code == 422
    assert "already waits for a decision" in page.text
