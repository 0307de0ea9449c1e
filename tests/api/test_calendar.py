"""The working calendar for programs: proposed by one, decided by another, refused by name."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from domain.people import Role
from tests.doorway.world import World

GOOD: dict[str, Any] = {
    "year": 2031,
    "off": ["2031-01-01", "2031-01-23"],
    "worked": ["2031-01-18"],
    "official": True,
    "source": "notice",
}


async def risk(world: World, name: str = "risk") -> dict[str, str]:
    await world.hire(name, Role.RISK_OFFICER)
    return await world.bearer(name)


async def test_a_year_is_proposed_read_and_its_verdict_asked_of_the_process(world: World) -> None:
    headers, second = await risk(world), await risk(world, "second")
    made = await world.client.post("/api/v1/calendar/versions", json=GOOD, headers=headers)
    assert made.status_code == 201, made.text
    place = made.headers["location"]
    told = (await world.client.get(place, headers=second)).json()
    assert told["days"] == {"off": GOOD["off"], "worked": GOOD["worked"]}
    assert (told["status"], told["number"]) == ("proposed", 2)
    verdict = await world.client.post(
        f"{place}/decision",
        json={"approve": True},
        headers={**second, "Idempotency-Key": str(uuid4())},
    )
    assert verdict.status_code == 200, verdict.text
    assert world.process.asked[-1].approve is True
    years = (await world.client.get("/api/v1/calendar", headers=second)).json()["years"]
    assert [year["year"] for year in years] == list(range(2018, 2041))


@pytest.mark.parametrize(
    "changes",
    [
        {"year": 1999},
        {"year": "2031"},
        {"off": ["2031-02-30"]},
        {"off": ["2030-01-01"]},
        {"off": ["2031-01-18"]},
        {"worked": ["2031-01-23"]},
        {"official": "Zx9Secret"},
        {"source": ""},
        {"colour": "red"},
    ],
)
async def test_a_bad_year_is_a_problem_without_an_echo(
    world: World, changes: dict[str, Any]
) -> None:
    headers = await risk(world)
    refused = await world.client.post(
        "/api/v1/calendar/versions", json={**GOOD, **changes}, headers=headers
    )
    assert refused.status_code == 422, refused.text
    assert refused.headers["content-type"].startswith("application/problem+json")
    assert "Zx9Secret" not in refused.text


async def test_an_unknown_version_is_not_found(world: World) -> None:
    headers = await risk(world)
    gone = await world.client.get(f"/api/v1/calendar/versions/{uuid4()}", headers=headers)
    assert gone.status_code == 404
