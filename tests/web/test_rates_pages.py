"""The pages of rates: what counts, proposing, the difference first, another person's verdict."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import select
from sqlmodel import col

from domain.people import Actor, Role
from domain.rates import DecideFixing
from domain.violations import ProcessUnavailable
from persistence.clock import business_date
from persistence.engine import Database
from persistence.queries.rates import fixings
from persistence.tables import RateFixing
from tests.persistence.test_rates import floating_loan
from tests.web.case_world import CaseWorld, open_case_world
from tests.web.desk_world import text_of

GOOD = {
    "index": "LPR_1Y",
    "yearly_rate": "2.95",
    "published_on": "2026-06-22",
    "effective_on": "",
    "source": "announcement of the funding centre",
}


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[CaseWorld]:
    async with open_case_world(database, tmp_path) as opened:
        await opened.hire("risk", Role.RISK_OFFICER)
        await opened.hire("second", Role.RISK_OFFICER)
        await opened.hire("wang", Role.CUSTOMER_MANAGER)
        yield opened


async def proposed(world: CaseWorld, **changes: str) -> str:
    answer = await world.send("risk", "/rates/fixings", **{**GOOD, **changes})
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith("/rates/fixings/")
    return answer.headers["location"]


async def stored(world: CaseWorld) -> list[RateFixing]:
    async with world.services.database.reading() as session:
        mine = select(RateFixing).where(col(RateFixing.source) != "seed")
        return list((await session.execute(mine)).scalars())


@pytest.mark.parametrize(("language", "title"), [("en", "Rates"), ("zh-CN", "利率")])
async def test_the_indices_stand_with_what_counts_today(
    world: CaseWorld, language: str, title: str
) -> None:
    page = await world.read("wang", "/rates", language)
    assert page.status_code == 200
    assert title in page.text
    assert "3.00%" in page.text
    assert "/rates/indices/LPR_5Y" in page.text
    assert '/rates/fixings"' not in page.text, "who may not propose is offered no form"
    assert "style=" not in page.text


async def test_a_fixing_is_proposed_and_waits_for_another_person(world: CaseWorld) -> None:
    path = await proposed(world)
    [row] = await stored(world)
    assert (row.status, str(row.yearly_rate), row.effective_on) == (
        "proposed",
        "0.02950000",
        date(2026, 6, 22),
    )
    own = (await world.read("risk", path)).text
    assert "Another person must decide" in own
    assert f'action="{path}/decision"' not in own
    other = (await world.read("second", path)).text
    assert f'action="{path}/decision"' in other
    assert "Waits for a verdict" in text_of((await world.read("second", "/rates")).text)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"yearly_rate": "1000"}, "yearly_rate"),
        ({"yearly_rate": "abc"}, "yearly_rate"),
        ({"yearly_rate": "NaN"}, "yearly_rate"),
        ({"yearly_rate": ""}, "yearly_rate"),
        ({"index": "EURIBOR"}, "index"),
        ({"index": ""}, "index"),
        ({"published_on": "2026-02-30"}, "published_on"),
        ({"published_on": "2101-01-20"}, "effective_on"),
        ({"effective_on": "2026-06-21"}, "effective_on"),
        ({"source": ""}, "source"),
        ({"source": "x" * 201}, "source"),
    ],
)
async def test_a_bad_fixing_is_refused_beside_its_entry_and_nothing_is_stored(
    world: CaseWorld, changes: dict[str, str], field: str, language: str
) -> None:
    page = await world.send("risk", "/rates/fixings", language, **{**GOOD, **changes})
    assert page.status_code == 422
    assert f'id="field-{field}-error"' in page.text
    assert "rules. Please check" not in page.text
    assert await stored(world) == []


async def test_the_same_day_waits_only_once(world: CaseWorld) -> None:
    await proposed(world)
    page = await world.send("risk", "/rates/fixings", **GOOD)
    assert page.status_code == 422
    assert "already waits for a decision" in page.text
    assert len(await stored(world)) == 1


async def test_a_new_index_is_added_once(world: CaseWorld) -> None:
    entries = {"code": "SHIBOR_3M", "name_zh": "上海银行间同业拆放利率", "name_en": "Shibor, 3M"}
    answer = await world.send("risk", "/rates/indices", **entries)
    assert answer.headers["location"] == "/rates/indices/SHIBOR_3M"
    page = await world.read("risk", "/rates/indices/SHIBOR_3M")
    assert "There is no fixing yet" in page.text
    again = await world.send("risk", "/rates/indices", **entries)
    assert again.status_code == 422
    assert 'id="field-code-error"' in again.text
    for bad in ({"code": "shibor"}, {"code": "S" * 41}, {"name_zh": " "}):
        page = await world.send("risk", "/rates/indices", **{**entries, **bad})
        assert page.status_code == 422
    assert (await world.read("risk", "/rates/indices/NOTHING")).status_code == 404


async def test_the_difference_is_shown_before_anybody_approves(world: CaseWorld) -> None:
    database = world.services.database
    loan = await floating_loan(database)
    async with database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
    day = (today - timedelta(days=30)).isoformat()
    path = await proposed(world, published_on=day, yearly_rate="2")
    page = (await world.read("second", path)).text
    told = text_of(page)
    assert "Back-dated" in told
    assert "4.35%" in told
    assert "3.35%" in told
    assert "<del>" in page
    assert f"/loans/{loan}/account" in page
    manager = (await world.read("wang", path)).text
    assert f"/loans/{loan}/account" not in manager
    index = text_of((await world.read("second", "/rates/indices/LPR_1Y")).text)
    assert "135" in index
    assert "Monthly" in index


async def test_a_verdict_is_asked_of_the_process(world: CaseWorld) -> None:
    path = await proposed(world)
    answer = await world.send("second", f"{path}/decision", answer="approve")
    assert answer.status_code == 303
    [command] = world.process.asked
    assert isinstance(command, DecideFixing)
    assert (str(command.fixing_id), command.approve) == (path.rsplit("/", 1)[1], True)
    unclear = await world.send("second", f"{path}/decision", answer="perhaps")
    assert unclear.status_code == 422
    assert len(world.process.asked) == 1


async def test_without_the_engine_nothing_is_lost(world: CaseWorld) -> None:
    path = await proposed(world)
    world.process.available = False
    page = await world.send("second", f"{path}/decision", answer="reject")
    assert page.status_code == 503
    assert f'action="{path}/decision"' in page.text
    assert (await world.read("second", path)).status_code == 200
    with pytest.raises(ProcessUnavailable):
        await world.process._ask(None)


async def test_who_may_not_propose_or_decide_is_refused(world: CaseWorld) -> None:
    assert (await world.send("wang", "/rates/fixings", **GOOD)).status_code == 403
    path = await proposed(world)
    assert (await world.send("wang", f"{path}/decision", answer="approve")).status_code == 403
    unknown = f"/rates/fixings/{uuid4()}"
    assert (await world.read("second", unknown)).status_code == 404
    assert (await world.send("second", f"{unknown}/decision", answer="reject")).status_code == 404


async def test_a_fixing_waits_on_the_desk_of_whoever_may_decide_it(world: CaseWorld) -> None:
    path = await proposed(world)
    assert f'href="{path}"' in (await world.read("second", "/")).text
    for other in ("risk", "wang"):
        assert f'href="{path}"' not in (await world.read(other, "/")).text


async def test_a_fixing_tells_who_is_behind_it(world: CaseWorld) -> None:
    await proposed(world)
    async with world.services.database.reading() as session:
        actor = Actor(str(UUID(int=1)), (Role.RISK_OFFICER,))
        [found] = await fixings(session, actor, waiting=True)
    assert found.proposer is not None
    assert found.proposer.en == "Colleague risk"
    assert not found.is_mine
