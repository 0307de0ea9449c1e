"""A loan's printable papers: an address each, with language and day."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.people import Act
from doorway.admission import needs
from doorway.languages import language_of
from doorway.papers import asked_paper, print_paper
from doorway.services import HasServices
from doorway.sessions import Person

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]


@router.get("/loans/{loan_id:uuid}/papers/{kind}.pdf")
async def show_paper(
    request: Request,
    services: HasServices,
    person: Reader,
    loan_id: UUID,
    kind: str,
    language: str = "",
    on: str = "",
    receipt: str = "",
) -> Response:
    """The paper as PDF; its printing is noted."""
    asked = asked_paper(kind, language, on, receipt, language_of(request))
    return await print_paper(services, person, loan_id, asked)
