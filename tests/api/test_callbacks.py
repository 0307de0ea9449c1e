"""Providers' callbacks: genuine ones are kept once, the rest has a defined end."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from persistence.tables import InboxEvent, Incident
from tests.api.case import submitted_case
from tests.doorway.world import World, event


async def _inbox(world: World) -> list[InboxEvent]:
    async with world.services.database.reading() as session:
        return list((await session.execute(select(InboxEvent))).scalars())


async def _incidents(world: World) -> list[str]:
    async with world.services.database.reading() as session:
        return list((await session.execute(select(col(Incident.kind)))).scalars())


async def test_a_genuine_event_is_kept_as_it_came_and_its_loan_told(world: World) -> None:
    loan_id = await submitted_case(world, await world.manager())
    body = event("e-1", loan_id, amount="12.00")
    assert (await world.callback(body)).status_code == 202
    (kept,) = await _inbox(world)
    assert (kept.raw, kept.loan_id, kept.body["data"]) == (body, loan_id, {"amount": "12.00"})
    assert (kept.processed_at, kept.outcome) == (None, None)
    assert world.process.looked == [loan_id]


async def test_a_repeat_is_seen_and_kept_once(world: World) -> None:
    body = event()
    answers = await asyncio.gather(*(world.callback(body) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [202]
    assert len(await _inbox(world)) == 1
    assert await _incidents(world) == []


async def test_a_known_id_with_other_content_is_told_to_a_person(world: World) -> None:
    await world.callback(event(amount="1.00"))
    assert (await world.callback(event(amount="2.00"))).status_code == 200
    (kept,) = await _inbox(world)
    assert kept.body["data"] == {"amount": "1.00"}
    assert await _incidents(world) == ["changed_callback"]


async def test_a_foreign_event_is_kept_for_the_sweep(world: World) -> None:
    stranger = uuid4()
    assert (await world.callback(event("e-1", stranger))).status_code == 202
    (kept,) = await _inbox(world)
    assert kept.loan_id == stranger
    assert world.process.looked == []


async def test_an_event_is_kept_while_the_engine_is_down(world: World) -> None:
    loan_id = await submitted_case(world, await world.manager())
    world.process.available = False
    assert (await world.callback(event("e-1", loan_id))).status_code == 202
    assert len(await _inbox(world)) == 1


async def test_forged_and_stale_callbacks_make_one_incident_an_hour(world: World) -> None:
    now = int(datetime.now(UTC).timestamp())
    answers = [
        await world.callback(event(), key=b"guessed"),
        await world.callback(event(), at=now - 301),
        await world.callback(event(), at=now + 330),
        await world.client.post("/callbacks/rail", content=event()),
        await world.client.post(
            "/callbacks/rail",
            content=event(),
            headers={b"X-Corploan-Signature": "t=１,v1=é".encode()},
        ),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.json()["code"] for answer in answers} == {"callback.forged"}
    assert await _inbox(world) == []
    assert set(await _incidents(world)) == {"forged_callback"}
    assert len(await _incidents(world)) <= 2  # two only when the hour turns under the test


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe{}",
        b"[]",
        b'{"a":' * 5000,
        b'{"event_id":"e","event_id":"f"}',
        event("e-1", note="nul \0 here"),
        event("e-1").replace(b"{}", b'{"x": NaN}'),
        event("e-1").replace(b"{}", b'{"x": 1e999}'),
        event("e-1").replace(b"{}", b'{"x": "\\ud800"}'),
        event("e-1").replace(b"{}", b'{"x": {"y": 1, "y": 2}}'),
        event("e 1"),
        json.dumps({**json.loads(event()), "more": 1}).encode(),
        event("e-1").replace(b"2026-01-05T09", b"2026-13-05T09"),
        event("e-1").replace(b"null", b'"not a uuid"'),
    ],
)
async def test_signed_but_unreadable_is_refused_and_told(world: World, body: bytes) -> None:
    answer = await world.callback(body)
    assert answer.status_code == 422, answer.text
    assert await _inbox(world) == []
    assert await _incidents(world) == ["unreadable_callback"]


async def test_an_unknown_provider_and_a_large_body_are_refused(world: World) -> None:
    assert (await world.client.post("/callbacks/nobody", content=b"{}")).status_code == 404
    assert (await world.callback(b"x" * 70_000)).status_code == 413
    assert await _incidents(world) == []
