"""What ends a loan on a day, part by part, and the way from there to paying it off."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.changes import PayoffQuote
from domain.people import Act
from domain.violations import Finding, LoanRuleViolation
from doorway.admission import needs
from doorway.services import HasServices
from doorway.sessions import Person
from persistence.changes import quote_payoff
from web.forms.changes import change_reader
from web.pages.changes_trial import ground_of
from web.printing import print_page

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]


@router.get("/loans/{loan_id:uuid}/payoff")
async def show_payoff(
    request: Request, services: HasServices, person: Reader, loan_id: UUID
) -> Response:
    """The quote for the day the address names, today without one. Nothing is stored."""
    ground = await ground_of(services, person, loan_id)
    if ground is None:
        raise LoanRuleViolation("change.not_drawn")
    asked = "on" in request.query_params
    reader = change_reader(request.query_params)
    on = reader.day("on", must=True) if asked else ground.today
    found = await _quoted(services, loan_id, on) if on else Finding("on", "date.malformed")
    refused = found if isinstance(found, Finding) else None
    return print_page(
        request,
        "changes/payoff.html",
        status_code=422 if refused else 200,
        ground=ground,
        typed=reader.text("on") if asked else ground.today.isoformat(),
        on=on,
        quote=None if refused else found,
        refused=refused,
        may_propose=ground.active and person.may(Act.PROPOSE_CHANGE),
    )


async def _quoted(services: HasServices, loan_id: UUID, on: date) -> PayoffQuote | Finding:
    try:
        async with services.database.reading() as session:
            return await quote_payoff(session, loan_id, on)
    except LoanRuleViolation as refused:
        return Finding("on", refused.code, refused.params)
