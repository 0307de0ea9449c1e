"""My work: the desk of whoever is signed in."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from domain.people import Act
from doorway.admission import SignedInPerson
from doorway.services import HasServices
from persistence.queries.home import home
from web.printing import print_page

router = APIRouter(include_in_schema=False)


@router.get("/")
async def show_home(request: Request, services: HasServices, person: SignedInPerson) -> Response:
    """What waits for the person, what they wait for, and what moved."""
    async with services.database.reading() as session:
        desk = await home(session, person.actor, datetime.now(UTC))
    return print_page(
        request,
        "home.html",
        desk=desk,
        may_approve_changes=person.may(Act.APPROVE_CHANGE),
        may_edit=person.may(Act.EDIT_DRAFT),
        may_read=person.may(Act.READ_OWN_CASES, Act.READ_ALL_CASES),
        may_manage=person.may(Act.MANAGE_STAFF),
    )
