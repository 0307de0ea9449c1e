"""GET /events: what moves, told to open pages as it happens, and only what the person may see."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import StreamingResponse

from domain.people import Act
from doorway.admission import needs
from doorway.live import Subscription
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person, cookie_token, person_of_token
from persistence.queries.case_access import may_see_case

HEARTBEAT_SECONDS = 15.0
ALL = "all"

router = APIRouter()
Reader = Annotated[Person, Depends(needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]


@router.get("/events", include_in_schema=False)
async def events(
    request: Request,
    services: HasServices,
    person: Reader,
    topic: Annotated[str, Query(pattern=r"^(all|loan:[0-9a-f-]{36})$")] = ALL,
) -> StreamingResponse:
    """Server-sent events `moved`, each with the loan that moved or null."""
    loan_id = _loan_of(topic)
    if loan_id is not None and not await _sees(services, person, loan_id):
        raise NotFound
    stream = _stream(request, services, person, loan_id)
    return StreamingResponse(
        stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


def _loan_of(topic: str) -> UUID | None:
    if topic == ALL:
        return None
    try:
        return UUID(topic.removeprefix("loan:"))
    except ValueError as error:
        raise NotFound from error


async def _stream(
    request: Request,
    services: Services,
    person: Person,
    loan_id: UUID | None,
    heartbeat: float = HEARTBEAT_SECONDS,
) -> AsyncGenerator[bytes]:
    now = asyncio.get_running_loop().time
    async with services.live.subscribe() as notices:
        yield b"retry: 2000\n\n"
        seen_at = now()
        while True:
            part = await _next_part(services, person, loan_id, notices, heartbeat)
            if now() - seen_at >= heartbeat:
                # A session that ended while the page stood open hears nothing more.
                if await person_of_token(request, cookie_token(request)) is None:
                    return
                seen_at = now()
            if part:
                yield part


async def _next_part(
    services: Services,
    person: Person,
    loan_id: UUID | None,
    notices: Subscription,
    heartbeat: float,
) -> bytes:
    """The next notice for this page; a sign of life when nothing moves."""
    try:
        moved = await asyncio.wait_for(notices.get(), heartbeat)
    except TimeoutError:
        return b": still here\n\n"
    return _event(moved) if await _concerns(services, person, loan_id, moved) else b""


async def _concerns(
    services: Services, person: Person, loan_id: UUID | None, moved: UUID | None
) -> bool:
    if loan_id is not None:
        return moved in (loan_id, None)
    return moved is None or await _sees(services, person, moved)


async def _sees(services: Services, person: Person, loan_id: UUID) -> bool:
    if person.may(Act.READ_ALL_CASES):
        return True
    async with services.database.reading() as session:
        return await may_see_case(session, person.actor, loan_id)


def _event(moved: UUID | None) -> bytes:
    data = json.dumps({"loan": str(moved) if moved else None})
    return f"event: moved\ndata: {data}\n\n".encode()
