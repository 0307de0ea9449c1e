"""Open pages hear what moves, as it is committed, and only what their reader may see."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import text
from starlette.requests import Request

from doorway import events
from doorway.live import LiveEvents, Subscription
from doorway.sessions import Person, person_of_token
from persistence.audit import record
from tests.api.case import submitted_case
from tests.doorway.world import World

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


async def _move(world: World, loan_id: UUID | None) -> None:
    async with world.services.database.transaction() as session:
        record(session, "loan.moved", NOW, loan_id=loan_id)


async def _heard(queue: Subscription) -> UUID | None:
    return await asyncio.wait_for(queue.get(), 10)


async def _first(world: World, queue: Subscription) -> None:
    """The listener connects in the background; from its first notice on, it hears everything."""
    while queue.empty():
        await _move(world, None)
        await asyncio.sleep(0.05)
    while not queue.empty():
        queue.get_nowait()


async def test_a_commit_is_heard_by_every_open_page(world: World) -> None:
    loan_id = uuid4()
    async with world.services.live.subscribe() as one, world.services.live.subscribe() as two:
        await _first(world, one)
        await _move(world, loan_id)
        for queue in (one, two):
            while await _heard(queue) != loan_id:
                continue


async def test_a_slow_page_loses_notices_and_stops_nobody(world: World) -> None:
    async with world.services.live.subscribe() as slow:
        for _ in range(200):
            world.services.live._hand_out(None)
        assert slow.full()


async def test_a_lost_connection_is_made_again(world: World) -> None:
    events_again = LiveEvents(world.services.database, reconnect_seconds=0.05)
    async with events_again.listening(), events_again.subscribe() as queue:
        await _first(world, queue)
        async with world.services.database.reading() as session:
            await session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE"
                    " 'LISTEN%' AND datname = current_database()"
                )
            )
        assert await _heard(queue) is None
        await _first(world, queue)


async def test_a_page_hears_only_what_its_reader_may_see(world: World) -> None:
    headers = await world.manager()
    mine = await submitted_case(world, headers)
    theirs = await submitted_case(world, await world.manager("zhou"))
    request, person = await _reader(world, headers)
    stream = events._stream(request, world.services, person, None)
    assert await anext(stream) == b"retry: 2000\n\n"
    for loan_id in (theirs, mine):
        world.services.live._hand_out(loan_id)
    assert await _loan_of(stream) == str(mine)
    await stream.aclose()


async def test_a_stream_of_anothers_case_answers_404(world: World) -> None:
    theirs = await submitted_case(world, await world.manager("zhou"))
    headers = await world.manager()
    token = headers["Authorization"].removeprefix("Bearer ")
    world.client.cookies.set("corploan_session", token)
    for topic in (f"loan:{theirs}", f"loan:{uuid4()}", f"loan:{'-' * 36}"):
        answer = await world.client.get("/events", params={"topic": topic})
        assert answer.status_code == 404, topic


async def test_an_idle_stream_ends_with_its_session(world: World) -> None:
    headers = await world.manager()
    request, person = await _reader(world, headers)
    stream = events._stream(request, world.services, person, None, heartbeat=0.05)
    await anext(stream)
    assert (await anext(stream)).startswith((b": still here", b"event: moved"))
    await world.client.delete("/api/v1/sessions/current", headers=headers)
    told = [part async for part in stream]  # the sign-out itself, then the end
    assert len(told) <= 2


async def _reader(world: World, headers: dict[str, str]) -> tuple[Request, Person]:
    token = headers["Authorization"].removeprefix("Bearer ")
    scope = {
        "type": "http",
        "app": world.app,
        "headers": [(b"cookie", f"corploan_session={token}".encode())],
        "state": {},
    }
    request = Request(scope)
    person = await person_of_token(request, token)
    assert person is not None
    return request, person


async def _loan_of(stream: AsyncIterator[bytes]) -> str | None:
    part = await asyncio.wait_for(anext(stream), 10)
    data: dict[str, str | None] = json.loads(part.decode().partition("data: ")[2])
    return data["loan"]
