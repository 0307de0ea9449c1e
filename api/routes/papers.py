"""A loan's printable papers, for programs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from api.security import api_needs
from domain.people import Act
from doorway.languages import language_of
from doorway.papers import asked_paper, print_paper
from doorway.services import HasServices
from doorway.sessions import Person

router = APIRouter(prefix="/loans/{loan_id}/papers", tags=["papers"])
Reader = Annotated[Person, Depends(api_needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]


@router.get(
    "/{kind}",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": "The paper"}},
)
async def show(
    request: Request,
    services: HasServices,
    person: Reader,
    loan_id: UUID,
    kind: str,
    language: str = "",
    on: str = "",
    receipt: str = "",
) -> Response:
    """One paper as PDF: `language` zh or en, `on` a date, `receipt` for a receipt's slip."""
    asked = asked_paper(kind, language, on, receipt, language_of(request))
    return await print_paper(services, person, loan_id, asked)
