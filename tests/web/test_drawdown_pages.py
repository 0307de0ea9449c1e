"""Drawdowns of a loan drawn in parts: what is left, what one more would do, and asking for it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio

from domain.commands import Receipt
from domain.drawdowns import RequestDrawdown
from domain.process import TaskKind
from persistence.engine import Database
from persistence.stages import locked_loan
from persistence.task_ladder import open_task
from tests.web.case_world import open_case_world
from tests.web.change_world import LATE, ChangeWorld, change_world
from tests.web.parts_world import draw_in_parts, lapse, request, stop


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[ChangeWorld]:
    async with open_case_world(database, tmp_path) as opened:
        yield await in_parts(await change_world(opened))


async def in_parts(world: ChangeWorld) -> ChangeWorld:
    async with world.case.services.database.transaction() as session:
        await draw_in_parts(session, world.loan)
    return world


def address(world: ChangeWorld, amount: str | None = None) -> str:
    here = f"/loans/{world.loan}/drawdowns"
    return here if amount is None else f"{here}?amount={amount}"


def form_of(page: str) -> dict[str, str]:
    """What the browser would send of the page's second form."""
    form = page[page.index('<form class="form" method="post"') :]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    return {name: hidden[name] for name in ("amount", "seen_events")}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Drawn in parts", "Undrawn", "Available until", "Request a drawdown")),
        ("zh-CN", ("分次提款情况", "未提款", "提款期至", "申请提款")),
    ],
)
async def test_the_page_says_drawn_undrawn_and_until_when(
    world: ChangeWorld, language: str, words: tuple[str, ...]
) -> None:
    page = await world.case.read("wang", address(world), language)
    assert page.status_code == 200, page.text
    assert [word for word in words if word not in page.text] == []
    for figure in ("2,000,000.00", "1,200,000.00", "800,000.00"):
        assert figure in page.text
    assert "style=" not in page.text


@pytest.mark.parametrize("path", ["/cases/{0}?tab=money", "/loans/{0}/account"])
async def test_the_case_and_the_account_say_it_too(world: ChangeWorld, path: str) -> None:
    page = await world.case.read("wang", path.format(world.loan))
    assert page.status_code == 200, page.text
    assert "Undrawn" in page.text
    assert "800,000.00" in page.text
    assert f'href="/loans/{world.loan}/drawdowns"' in page.text


async def test_a_loan_drawn_at_once_says_so_and_offers_no_form(
    database: Database, tmp_path: Path
) -> None:
    async with open_case_world(database, tmp_path) as opened:
        world = await change_world(opened)
        page = await world.case.read("wang", address(world))
        tried = await world.case.read("wang", address(world, "1.00"))
        case = await world.case.read("wang", f"/cases/{world.loan}")
    assert "This loan was agreed to be drawn at once" in page.text
    assert 'name="amount"' not in page.text
    assert tried.status_code == 422
    assert "/drawdowns" not in case.text


@pytest.mark.parametrize("who", ["wang", "ops"])
async def test_what_was_previewed_is_asked_for(world: ChangeWorld, who: str) -> None:
    page = await world.case.read(who, address(world, "300,000.00"))
    assert page.status_code == 200, page.text
    assert "Instalment by instalment" in page.text
    assert "<polyline" in page.text
    assert "1,500,000.00" not in form_of(page.text)["amount"]
    assert world.case.process.asked == []
    answer = await world.case.send(who, address(world), **form_of(page.text))
    assert (answer.status_code, answer.headers["location"]) == (303, address(world))
    [command] = world.case.process.asked
    assert isinstance(command, RequestDrawdown)
    assert (command.loan_id, command.actor.staff_id) == (world.loan, world.people[who].staff_id)
    assert (command.amount, command.seen_events) == (Decimal("300000.00"), 2)
    assert command.command_id == "token-of-the-form-1"


@pytest.mark.parametrize(
    "amount", ["", "0", "800000.01", "1.001", "-1", "1e3", "abc", "１００", "1" * 14, "NaN"]
)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_a_bad_amount_is_told_at_its_entry(
    world: ChangeWorld, amount: str, language: str
) -> None:
    page = await world.case.read("wang", address(world, amount), language)
    assert page.status_code == 422
    assert 'href="#field-amount"' in page.text
    assert 'method="post" action="/loans' not in page.text
    answer = await world.case.send("wang", address(world), language, amount=amount, seen_events="2")
    if amount in ("", "1.001", "-1", "1e3", "abc", "１００", "1" * 14, "NaN"):
        assert answer.status_code == 422
        assert world.case.process.asked == []


async def test_a_loan_in_arrears_says_why_nothing_can_be_drawn(
    database: Database, tmp_path: Path
) -> None:
    async with open_case_world(database, tmp_path) as opened:
        world = await in_parts(await change_world(opened, LATE))
        page = await world.case.read("wang", address(world, "1.00"))
        chinese = await world.case.read("wang", address(world, "1.00"), "zh-CN")
    assert page.status_code == chinese.status_code == 422
    assert "days past due; nothing can be drawn before it is paid" in page.text
    assert "还清之前不能提款" in chinese.text


async def test_an_account_that_moved_shows_the_new_difference(world: ChangeWorld) -> None:
    page = await world.case.read("wang", address(world, "300000.00"))
    world.case.process.answer = Receipt(False, code="stale.account")
    answer = await world.case.send("wang", address(world), **form_of(page.text))
    assert answer.status_code == 409
    assert "The account has moved on." in answer.text
    assert "Instalment by instalment" in answer.text


async def test_an_engine_out_of_reach_loses_nothing(world: ChangeWorld) -> None:
    page = await world.case.read("wang", address(world, "300000.00"))
    world.case.process.available = False
    answer = await world.case.send("wang", address(world), **form_of(page.text))
    assert answer.status_code == 503
    assert 'name="form_token" value="token-of-the-form-1"' in answer.text


async def test_one_under_way_takes_the_form_away_and_one_stopped_says_why(
    world: ChangeWorld,
) -> None:
    database = world.case.services.database
    await request(database, world.loan, world.people["ops"], "300000.00")
    page = await world.case.read("wang", address(world))
    assert "Requested" in page.text
    assert "Colleague ops" in page.text
    assert "500,000.00" in page.text
    assert 'name="amount"' not in page.text
    await stop(database, world.loan, "drawdown.arrears")
    page = await world.case.read("wang", address(world), "zh-CN")
    assert "已中止：贷款逾期" in page.text
    assert 'name="amount"' in page.text


async def test_who_asked_is_not_offered_the_release(world: ChangeWorld) -> None:
    database = world.case.services.database
    await request(database, world.loan, world.people["ops"], "300000.00")
    async with database.transaction() as session:
        loan = await locked_loan(session, world.loan)
        await open_task(session, loan, TaskKind.RELEASE_REVIEW, loan.entered_at, 99)
    await world.case.hire("ops2", *world.people["ops"].roles)
    own = await world.case.read("ops", f"/cases/{world.loan}")
    others = await world.case.read("ops2", f"/cases/{world.loan}")
    assert "You asked for this drawdown" in own.text
    assert "Type the amount to confirm" not in own.text
    assert "Type the amount to confirm" in others.text
    assert "CNY 300,000.00 leaves for" in others.text


async def test_what_lapsed_is_told_with_its_day(world: ChangeWorld) -> None:
    await lapse(world.case.services.database, world.loan)
    for language, words in (("en", "undrawn lapsed on"), ("zh-CN", "失效")):
        page = await world.case.read("wang", address(world), language)
        assert words in page.text
        assert 'name="amount"' not in page.text
    tried = await world.case.read("wang", address(world, "1.00"))
    assert "Drawdowns could be asked for until" in tried.text


async def test_strangers_see_nothing_and_readers_may_not_ask(world: ChangeWorld) -> None:
    assert (await world.case.read("zhou", address(world))).status_code == 404
    assert (await world.case.read("risk", address(world, "1000.00"))).status_code == 200
    reading = await world.case.read("risk", address(world, "1000.00"))
    assert 'method="post" action="/loans' not in reading.text
    for who, status in (("risk", 403), ("zhou", 404)):
        answer = await world.case.send(who, address(world), amount="1.00", seen_events="2")
        assert answer.status_code == status
    assert world.case.process.asked == []
