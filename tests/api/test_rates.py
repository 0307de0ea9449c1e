"""Rates for programs: proposed by one, decided by another, refused by name without an echo."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from domain.commands import Receipt
from domain.people import Role
from domain.rates import DecideFixing
from persistence.clock import business_date
from persistence.tables import RateFixing
from tests.doorway.world import World
from tests.persistence.test_rates import floating_loan

GOOD: dict[str, Any] = {
    "index": "LPR_1Y",
    "published_on": "2026-06-22",
    "yearly_rate": "0.0295",
    "source": "announcement",
}
MARK = "Zx9Secret"


async def risk(world: World, name: str = "risk") -> dict[str, str]:
    await world.hire(name, Role.RISK_OFFICER)
    return await world.bearer(name)


async def count(world: World) -> int:
    async with world.services.database.reading() as session:
        mine = select(func.count()).select_from(RateFixing).where(col(RateFixing.source) != "seed")
        counted: int = (await session.execute(mine)).scalar_one()
    return counted


async def test_indices_and_fixings_are_told(world: World) -> None:
    headers = await world.manager()
    told = (await world.client.get("/api/v1/rates", headers=headers)).json()
    newest = {index["code"]: index["newest"]["yearly_rate"] for index in told["indices"]}
    assert {code: Decimal(rate) for code, rate in newest.items()} == {
        "LPR_1Y": Decimal("0.03"),
        "LPR_5Y": Decimal("0.035"),
    }
    known = await world.client.get("/api/v1/rates/indices/LPR_1Y/fixings", headers=headers)
    assert [fixing["status"] for fixing in known.json()] == ["approved"]
    gone = await world.client.get("/api/v1/rates/indices/NO/fixings", headers=headers)
    assert gone.status_code == 404


async def test_a_fixing_is_proposed_and_its_verdict_asked_of_the_process(world: World) -> None:
    headers, second = await risk(world), await risk(world, "second")
    made = await world.client.post("/api/v1/rates/fixings", json=GOOD, headers=headers)
    assert made.status_code == 201, made.text
    assert made.json()["effective_on"] == "2026-06-22"
    path = made.headers["location"]
    keyed = {**second, "Idempotency-Key": "verdict-1"}
    answer = await world.client.post(f"{path}/decision", json={"approve": True}, headers=keyed)
    assert answer.status_code == 200, answer.text
    [command] = world.process.asked
    assert isinstance(command, DecideFixing)
    world.process.answer = Receipt(accepted=False, code="rate.decided")
    refused = await world.client.post(f"{path}/decision", json={"approve": False}, headers=keyed)
    assert (refused.status_code, refused.json()["code"]) == (422, "rate.decided")
    bare = await world.client.post(f"{path}/decision", json={"approve": True}, headers=second)
    assert bare.status_code == 400


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"yearly_rate": "10"}, "rate.range"),
        ({"yearly_rate": "NaN"}, "rate.range"),
        ({"yearly_rate": 0.03}, "rate.range"),
        ({"yearly_rate": MARK}, "rate.range"),
        ({"index": "EURIBOR"}, "rate.unknown_index"),
        ({"published_on": "2026-02-30"}, "date.impossible"),
        ({"published_on": "2101-01-20"}, "rate.dates"),
        ({"effective_on": "2026-06-21"}, "rate.dates"),
        ({"source": ""}, "text.blank"),
        ({"convention": MARK}, "unknown_field"),
    ],
)
async def test_a_bad_fixing_is_a_problem_by_name_and_nothing_is_stored(
    world: World, changes: dict[str, Any], code: str, language: str
) -> None:
    headers = {**await risk(world), "Accept-Language": language}
    answer = await world.client.post(
        "/api/v1/rates/fixings", json={**GOOD, **changes}, headers=headers
    )
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    problem = answer.json()
    assert code in {problem["code"], *(found["code"] for found in problem.get("errors", ()))}
    assert MARK not in answer.text
    assert await count(world) == 0


async def test_the_repricing_is_told_before_the_verdict(world: World) -> None:
    headers, database = await risk(world), world.services.database
    loan = await floating_loan(database)
    async with database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
    body = {**GOOD, "published_on": (today - timedelta(days=30)).isoformat()}
    made = await world.client.post("/api/v1/rates/fixings", json=body, headers=headers)
    path = made.headers["location"]
    told = (await world.client.get(f"{path}/repricing", headers=headers)).json()
    [shown] = told["loans"]
    assert shown["loan_id"] == str(loan)
    assert Decimal(shown["difference"]) < 0
    assert (told["followers"], told["after"]) == (1, None)


async def test_who_may_not_is_refused(world: World) -> None:
    manager = await world.manager()
    for path, body in (
        ("/api/v1/rates/fixings", GOOD),
        ("/api/v1/rates/indices", {"code": "X1", "name_zh": "一", "name_en": "One"}),
    ):
        answer = await world.client.post(path, json=body, headers=manager)
        assert answer.status_code == 403
    headers = await risk(world)
    unknown = f"/api/v1/rates/fixings/{uuid4()}"
    assert (await world.client.get(unknown, headers=headers)).status_code == 404
    assert (await world.client.get(f"{unknown}/repricing", headers=headers)).status_code == 404


async def test_an_index_is_added_once(world: World) -> None:
    headers = await risk(world)
    body = {"code": "SHIBOR_3M", "name_zh": "上海银行间同业拆放利率", "name_en": "Shibor"}
    made = await world.client.post("/api/v1/rates/indices", json=body, headers=headers)
    assert (made.status_code, made.json()["newest"]) == (201, None)
    again = await world.client.post("/api/v1/rates/indices", json=body, headers=headers)
    assert (again.status_code, again.json()["code"]) == (422, "rate.index_known")
    lower = await world.client.post(
        "/api/v1/rates/indices", json={**body, "code": "shibor"}, headers=headers
    )
    assert lower.json()["code"] == "rate.index_code"
