"""Limits for programs: the tree, a derivation, a simulation; bad input is a problem by name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from domain.people import Role
from persistence.engine import Database
from tests.doorway.world import World, open_world
from tests.persistence.limit_book import LimitBook, open_limit_book

D = Decimal
ASK: dict[str, Any] = {
    "product": "FIXED_ASSET",
    "amount": "100000000.00",
    "tenor_months": 60,
    "growth": "0.1",
    "own": "0",
    "loans_elsewhere": "0",
}
MARK = "Zx9Secret"


@dataclass
class Limits:
    world: World
    book: LimitBook
    headers: dict[str, str]

    async def post(self, what: str, body: dict[str, Any], **headers: str) -> Any:
        path = f"/api/v1/customers/{self.book.book.customer_id}/limits/{what}"
        return await self.world.client.post(path, json=body, headers={**self.headers, **headers})


@pytest_asyncio.fixture
async def limits(database: Database, tmp_path: Path) -> AsyncIterator[Limits]:
    book = await open_limit_book(database)
    async with open_world(database, tmp_path / "documents") as world:
        yield Limits(world, book, await world.manager())


async def test_a_derivation_is_told_line_by_line(limits: Limits) -> None:
    await limits.book.loan()
    await limits.book.rated("AA")
    answer = await limits.post("derivation", ASK)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["limit"], told["binding"]) == ("17500000.00", ["security"])
    lines = {line["name"]: line for line in told["lines"]}
    assert lines["net_worth"]["amount"] == "28000000.00"
    [equity, share] = lines["net_worth"]["inputs"]
    assert (equity["name"], equity["origin"], share["value"]) == ("equity", "statement", "0.40")
    assert told["tenor_months"] == 36
    assert [part["part"] for part in told["rates"]["lines"]] == [
        "funding",
        "operating",
        "expected_loss",
        "capital",
        "margin",
    ]


async def test_a_simulation_tells_both_sides(limits: Limits) -> None:
    await limits.book.loan()
    await limits.book.rated("AA")
    told = (await limits.post("simulation", {**ASK, "grade": "AAA"})).json()
    assert (told["before"]["limit"], told["after"]["limit"]) == ("17500000.00", "28000000.00")
    assert D(told["after"]["rates"]["rate"]) < D(told["before"]["rates"]["rate"])
    assert told["after"]["tenor_months"] > told["before"]["tenor_months"]
    worse = (await limits.post("simulation", {**ASK, "sales_share": "-0.2"})).json()
    lines = {line["name"]: line for line in worse["lines"]}
    assert D(lines["debt_service"]["after"]) < D(lines["debt_service"]["before"])


async def test_the_tree_is_told_with_what_is_in_flight_and_when_to_ask(limits: Limits) -> None:
    await limits.book.set_limit("customer", "10000000.00")
    await limits.book.asked("4000000.00")
    path = f"/api/v1/customers/{limits.book.book.customer_id}/limits"
    told = (await limits.world.client.get(path, headers=limits.headers)).json()
    [node] = told["nodes"]
    assert (node["level"], node["in_flight"], node["available"]) == (
        "customer",
        "4000000.00",
        "6000000.00",
    )
    assert told["available"] == "6000000.00"
    assert [each["amount"] for each in told["flying"]] == ["4000000.00"]
    assert [each["kind"] for each in told["advice"]] == ["top_up", "renew"]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": MARK}, "figure.malformed"),
        ({"amount": 5}, "figure.malformed"),
        ({"amount": "NaN"}, "figure.malformed"),
        ({"growth": MARK}, "share.range"),
        ({"growth": "-1.01"}, "share.range"),
        ({"tenor_months": 0}, "request.invalid"),
        ({"tenor_months": True}, "request.invalid"),
        ({"grade": MARK}, "choice.unknown"),
        ({"product": "NOTHING"}, "product.not_offered"),
        ({"collateral": [{"kind": "deposit", "value": "-1"}]}, "figure.malformed"),
        ({"surprise": MARK}, "unknown_field"),
    ],
)
async def test_a_bad_ask_is_a_problem_by_name_without_an_echo(
    limits: Limits, changes: dict[str, Any], code: str, language: str
) -> None:
    answer = await limits.post("simulation", {**ASK, **changes}, **{"Accept-Language": language})
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert code in {problem["code"], *(found["code"] for found in problem.get("errors", ()))}
    assert MARK not in answer.text


async def test_a_customer_that_is_not_rated_has_nothing_derived(limits: Limits) -> None:
    answer = await limits.post("derivation", ASK)
    assert (answer.status_code, answer.json()["code"]) == (422, "limit.not_rated")


async def test_what_is_not_there_or_not_ones_own_is_refused(limits: Limits) -> None:
    path = f"/api/v1/customers/{uuid4()}/limits"
    assert (await limits.world.client.get(path, headers=limits.headers)).status_code == 404
    answer = await limits.world.client.post(f"{path}/derivation", json=ASK, headers=limits.headers)
    assert answer.status_code == 404
    await limits.world.hire("admin", Role.ADMINISTRATOR)
    admin = await limits.world.bearer("admin")
    assert (await limits.world.client.get(path, headers=admin)).status_code == 403
