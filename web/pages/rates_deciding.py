"""One fixing: what it would do to the loans that follow its index, and the verdict on it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.commands import Receipt
from domain.people import Act
from domain.rates import DecideFixing
from doorway.admission import needs
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.clock import business_date
from persistence.queries.rates import fixing_named, repriced_by
from persistence.rate_preview import repricing_page
from web.flashes import to_page
from web.forms.acts import ActForm
from web.forms.asking import RefusedForm, ask_from_form
from web.forms.entries import EntryReader
from web.printing import print_page

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]
Approver = Annotated[Person, Depends(needs(Act.APPROVE_RATE))]
ANSWERS = ("approve", "reject")


@router.get("/rates/fixings/{fixing_id:uuid}")
async def show_fixing(
    request: Request, services: HasServices, person: Reader, fixing_id: UUID
) -> Response:
    """The fixing, and while it waits the readable difference, loan by loan."""
    return await _print(request, services, person, fixing_id)


@router.post("/rates/fixings/{fixing_id:uuid}/decision")
async def decide(
    request: Request, services: HasServices, person: Approver, fixing_id: UUID
) -> Response:
    """Approve or reject another person's fixing."""
    entries = EntryReader(await request.form())
    async with services.database.reading() as session:
        if await fixing_named(session, person.actor, fixing_id) is None:
            raise NotFound

    async def ask() -> Receipt:
        answer = entries.choice("answer", ANSWERS)
        entries.refuse_findings()
        command = DecideFixing(entries.token, fixing_id, person.actor, answer == "approve")
        return await services.process.decide_fixing(command)

    refused = await ask_from_form("verdict", entries, ask)
    if refused is None:
        return to_page(request, f"/rates/fixings/{fixing_id}", "rate_decided")
    return await _print(request, services, person, fixing_id, refused)


async def _print(
    request: Request,
    services: Services,
    person: Person,
    fixing_id: UUID,
    refused: RefusedForm | None = None,
) -> Response:
    now = datetime.now(UTC)
    async with services.database.reading() as session:
        fixing = await fixing_named(session, person.actor, fixing_id)
        if fixing is None:
            raise NotFound
        waits = fixing.status == "proposed"
        shown = (
            await repricing_page(session, fixing_id, now, _after(request))
            if waits and person.may(Act.READ_ALL_CASES)
            else None
        )
        today, loans = await business_date(session, now), await repriced_by(session, fixing_id)
    return print_page(
        request,
        "rates/fixing.html",
        status_code=refused.status if refused else 200,
        fixing=fixing,
        shown=shown,
        today=today,
        repriced=loans,
        form=refused.form if refused else ActForm(),
        may_decide=waits and person.may(Act.APPROVE_RATE),
    )


def _after(request: Request) -> UUID | None:
    """The loan the page before ended with; an address nobody wrote is the first page."""
    try:
        return UUID(request.query_params.get("after", ""))
    except ValueError:
        return None
