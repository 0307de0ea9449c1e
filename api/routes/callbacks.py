"""POST /callbacks/{provider}: providers' events, verified as raw bytes before anything reads them.

Stored first, told to the process afterwards: whoever answers 2xx must have kept the event.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from api.schemas.strict import Asked
from api.security import SIGNATURE_HEADER, signature_holds
from api.strict_json import UnreadableJson, parse_as
from domain.violations import LoanRuleViolation, ProcessUnavailable
from doorway.admission import Public
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from persistence.inbox_store import is_loan, note_bad_callback, store_event

router = APIRouter(prefix="/callbacks", tags=["callbacks"])
# A provider shows who it is by its signature; it has no page and no session.
signed_by_provider = Depends(Public(cross_site=True))


class Event(Asked):
    """What every provider sends."""

    event_id: Annotated[str, Field(pattern=r"^[!-~]{1,120}$")]
    kind: Annotated[str, Field(pattern=r"^[a-z0-9_.]{1,60}$")]
    loan_id: UUID | None
    occurred_at: datetime
    data: dict[str, Any]


@router.post("/{provider}", status_code=202, dependencies=[signed_by_provider])
async def receive(request: Request, services: HasServices, provider: str) -> Response:
    """202 stored, 200 seen before, 401 forged or stale, 422 signed but unreadable."""
    key = services.secrets.callbacks.get(provider)
    if key is None:
        raise NotFound
    raw, now = await request.body(), datetime.now(UTC)
    sent = request.headers.get(SIGNATURE_HEADER, "")
    if not signature_holds(key, raw, sent, int(now.timestamp())):
        await _note(services, provider, "forged_callback", now)
        raise LoanRuleViolation("callback.forged")
    try:
        event = parse_as(Event, raw)
    except (UnreadableJson, RequestValidationError):
        await _note(services, provider, "unreadable_callback", now)
        raise
    return await _keep(services, provider, event, raw, now)


async def _keep(
    services: Services, provider: str, event: Event, raw: bytes, now: datetime
) -> Response:
    body: Mapping[str, Any] = json.loads(raw)
    async with services.database.transaction() as session:
        new = await store_event(
            session, provider, event.event_id, event.kind, event.loan_id, raw, body, now
        )
        ours = event.loan_id is not None and await is_loan(session, event.loan_id)
    if ours and event.loan_id is not None:
        await _look(services, event.loan_id)
    return Response(status_code=202 if new else 200)


async def _look(services: Services, loan_id: UUID) -> None:
    try:
        await services.process.look(loan_id)
    except ProcessUnavailable:
        return  # the event is kept; the worker's sweep looks again


async def _note(services: Services, provider: str, kind: str, now: datetime) -> None:
    async with services.database.transaction() as session:
        await note_bad_callback(session, provider, kind, now)
