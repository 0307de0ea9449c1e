"""Drawdowns at the JSON door: told, previewed, asked for once, and what is refused by name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from domain.commands import Receipt
from domain.drawdowns import RequestDrawdown
from domain.people import Role
from tests.api.test_changes import MARK, REPAID, Case
from tests.doorway.world import World
from tests.web.loans import put_loan
from tests.web.parts_world import draw_in_parts

ROLES = {
    "wang": Role.CUSTOMER_MANAGER,
    "zhou": Role.CUSTOMER_MANAGER,
    "ops": Role.OPERATIONS,
    "qian": Role.REVIEWER,
}


@pytest_asyncio.fixture
async def case(world: World) -> AsyncIterator[Case]:
    staff = {name: await world.hire(name, role) for name, role in ROLES.items()}
    headers = {name: await world.bearer(name) for name in ROLES}
    async with world.services.database.transaction() as session:
        loan = await put_loan(session, staff["wang"], REPAID)
        await draw_in_parts(session, loan)
    yield Case(world, loan, headers, staff, None)  # type: ignore[arg-type] # no day is asked for


def path(case: Case, rest: str = "") -> str:
    return f"/api/v1/loans/{case.loan}/drawdowns{rest}"


async def test_what_is_left_is_told(case: Case) -> None:
    told = (await case.get("qian", path(case))).json()
    commitment = told["commitment"]
    sums = {name: Decimal(commitment[name]) for name in ("principal", "drawn", "undrawn")}
    assert sums == {
        "principal": Decimal("2000000.00"),
        "drawn": Decimal("1200000.00"),
        "undrawn": Decimal("800000.00"),
    }
    assert (commitment["drawdowns"], commitment["drawdowns_max"]) == (1, 6)
    assert [(one["number"], one["status"]) for one in told["drawdowns"]] == [(1, "settled")]


@pytest.mark.parametrize("who", ["wang", "ops"])
async def test_it_is_previewed_and_asked_for_as_previewed(case: Case, who: str) -> None:
    tried = await case.get(who, path(case, "/preview"), amount="300000.00")
    assert tried.status_code == 200, tried.text
    shown = tried.json()
    before, after = (Decimal(shown[side]["outstanding"]) for side in ("before", "after"))
    assert after - before == Decimal("300000.00")
    assert case.world.process.asked == []
    body = {"amount": "300000.00", "seen_events": shown["seen_events"]}
    answers = [await case.post(who, path(case), body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    [command] = case.world.process.asked
    assert isinstance(command, RequestDrawdown)
    assert (command.loan_id, command.amount) == (case.loan, Decimal("300000.00"))
    other = await case.post(who, path(case), body | {"amount": "1.00"})
    assert other.json()["code"] == "idempotency.reused"


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("800000.01", "drawdown.above_undrawn"),
        ("0", "drawdown.above_undrawn"),
        ("1.001", "amount.scale"),
        (f"1{MARK}", "request.invalid"),
        ("-5", "request.invalid"),
        ("1e3", "request.invalid"),
        ("", "request.invalid"),
        ("1" * 14, "request.invalid"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_a_bad_amount_is_refused_by_name_without_an_echo(
    case: Case, amount: str, code: str, language: str
) -> None:
    headers = {**case.headers["wang"], "Accept-Language": language}
    answer = await case.world.client.get(
        path(case, "/preview"), params={"amount": amount}, headers=headers
    )
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert MARK not in answer.text


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("stale.account", 409),
        ("drawdown.under_way", 409),
        ("drawdown.change_under_way", 409),
        ("drawdown.arrears", 422),
        ("drawdown.availability_ended", 422),
        ("case.closed", 409),
    ],
)
async def test_what_the_process_refuses_has_its_code_and_status(
    case: Case, code: str, status: int
) -> None:
    case.world.process.answer = Receipt(False, code=code)
    answer = await case.post("wang", path(case), {"amount": "1.00", "seen_events": 2})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"amount": "1.00"},
        {"amount": 1.0, "seen_events": 2},
        {"amount": "1.00", "seen_events": -1},
        {"amount": "1.00", "seen_events": 2, MARK: 1},
        [],
    ],
)
async def test_an_unreadable_body_is_refused(case: Case, body: Any) -> None:
    answer = await case.post("wang", path(case), body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert MARK not in answer.text
    assert case.world.process.asked == []


async def test_strangers_and_roles_without_a_say_are_kept_out(case: Case) -> None:
    assert (await case.get("zhou", path(case))).status_code == 404
    assert (await case.get("zhou", path(case, "/preview"), amount="1.00")).status_code == 404
    body = {"amount": "1.00", "seen_events": 2}
    assert (await case.post("zhou", path(case), body)).status_code == 404
    assert (await case.post("qian", path(case), body)).status_code == 403
    assert case.world.process.asked == []
