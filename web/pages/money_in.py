"""Money in: statement files uploaded, and what became of each of their lines."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from domain.people import Act
from domain.violations import LoanRuleViolation
from doorway.admission import needs
from doorway.refusals import NotFound, Refusal, refusal_of
from doorway.services import HasServices, Services
from doorway.sessions import Person
from doorway.statements import accept_statement
from persistence.queries.held_money import desk_counts
from persistence.queries.money_in import statement_detail, statements
from web.flashes import to_page
from web.printing import print_page

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.MATCH_RECEIPT, Act.READ_BOARD))]
Operator = Annotated[Person, Depends(needs(Act.MATCH_RECEIPT))]
PageNumber = Annotated[int, Field(ge=1, le=100_000)]


class AskedFiles(BaseModel):
    """Which page of files."""

    page: PageNumber = 1


class AskedLines(BaseModel):
    """Which lines of a file."""

    state: Literal["", "taken", "duplicate", "refused", "passed_over"] = ""
    page: PageNumber = 1


@router.get("/money-in")
async def show_files(
    request: Request, services: HasServices, person: Reader, asked: Annotated[AskedFiles, Query()]
) -> Response:
    """The files taken in, and the upload."""
    return await _page(request, services, person, asked.page)


@router.post("/money-in/statements")
async def upload(request: Request, services: HasServices, person: Operator) -> Response:
    """Take a file in; the same bytes lead to what was made of them."""
    sent = (await request.form()).get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        missing = refusal_of(LoanRuleViolation("file.missing"))
        return await _page(request, services, person, 1, missing)
    try:
        intake = await accept_statement(services, person.actor, sent, "desk", datetime.now(UTC))
    except LoanRuleViolation as refused:
        refusal = refusal_of(refused)
        return await _page(request, services, person, 1, refusal)
    told = "statement_taken" if intake.new else "statement_known"
    return to_page(request, f"/money-in/statements/{intake.statement_id}", told)


@router.get("/money-in/statements/{statement_id:uuid}")
async def show_lines(
    request: Request,
    services: HasServices,
    person: Reader,
    statement_id: UUID,
    asked: Annotated[AskedLines, Query()],
) -> Response:
    """One file, line by line."""
    async with services.database.reading() as session:
        found = await statement_detail(session, statement_id, asked.state or None, asked.page)
    if found is None:
        raise NotFound
    may_act = person.may(Act.MATCH_RECEIPT)
    return print_page(request, "money/statement.html", found=found, may_act=may_act)


async def _page(
    request: Request,
    services: Services,
    person: Person,
    number: int,
    refusal: Refusal | None = None,
) -> Response:
    async with services.database.reading() as session:
        found = await statements(session, number)
        counts = await desk_counts(session)
    return print_page(
        request,
        "money/files.html",
        status_code=refusal.status if refusal else 200,
        found=found,
        counts=counts,
        refusal=refusal,
        may_act=person.may(Act.MATCH_RECEIPT),
    )
