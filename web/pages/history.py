"""A loan's recorded history, in the bank's words and as data, for auditors."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from domain.people import Act
from doorway.admission import needs
from doorway.refusals import NotFound
from doorway.services import HasServices
from doorway.sessions import Person
from persistence.queries.case_detail import case_head
from persistence.queries.history import history
from web.rendering import render

router = APIRouter(include_in_schema=False)
Auditor = Annotated[Person, Depends(needs(Act.READ_HISTORY))]
SEQUENCE_MAX = 2**62


@router.get("/cases/{loan_id:uuid}/history")
async def show_history(
    request: Request,
    services: HasServices,
    person: Auditor,
    loan_id: UUID,
    after: Annotated[int, Query(ge=0, le=SEQUENCE_MAX)] = 0,
) -> Response:
    """The links of the audit chain, each recomputed while it is read."""
    async with services.database.reading() as session:
        head = await case_head(session, loan_id, person.actor, datetime.now(UTC))
        if head is None:
            raise NotFound
        shown = await history(session, loan_id, after)
    return render(request, "history/page.html", head=head, history=shown, after=after)


@router.get("/cases/{loan_id:uuid}/history.json")
async def export_history(services: HasServices, person: Auditor, loan_id: UUID) -> Response:
    """The whole recorded history as one file, enough to recompute every link elsewhere."""
    async with services.database.reading() as session:
        head = await case_head(session, loan_id, person.actor, datetime.now(UTC))
        if head is None:
            raise NotFound
        whole = await history(session, loan_id, length=None)
    body = {
        "case_number": head.case_number,
        "loan_id": str(loan_id),
        "holds": whole.holds,
        "links": [asdict(link) for link in whole.links],
        "runs": [asdict(run) for run in whole.runs],
    }
    name = f'attachment; filename="{head.case_number}-history.json"'
    return Response(
        json.dumps(body, default=_spelt, ensure_ascii=False, indent=2),
        media_type="application/json",
        headers={"Content-Disposition": name},
    )


def _spelt(value: object) -> str:
    """Instants as the chain's hash has them: UTC, to the microsecond."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date | UUID):
        return str(value)
    raise TypeError(type(value).__name__)
