"""Bank statement files: taken in once, told line by line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from starlette.datastructures import UploadFile
from starlette.requests import Request

from api.schemas.lists import PageNumber
from api.schemas.money import StatementDetailTold, StatementsTold
from api.security import api_needs
from domain.bank_statements import LineState
from domain.people import Act
from domain.violations import LoanRuleViolation
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from doorway.statements import accept_statement
from persistence.queries.money_in import StatementDetail, statement_detail, statements

router = APIRouter(prefix="/statements", tags=["money in"])
Reader = Annotated[Person, Depends(api_needs(Act.MATCH_RECEIPT, Act.READ_BOARD))]
Operator = Annotated[Person, Depends(api_needs(Act.MATCH_RECEIPT))]
FILE_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


@router.get("")
async def index(services: HasServices, _person: Reader, page: PageNumber = 1) -> StatementsTold:
    """The files taken in, newest first."""
    async with services.database.reading() as session:
        return StatementsTold.model_validate(await statements(session, page))


@router.post("", status_code=201, openapi_extra=FILE_FORM)
async def create(
    request: Request, response: Response, services: HasServices, person: Operator
) -> StatementDetailTold:
    """Take one `file` in: 201, or 200 where the same bytes were taken in before."""
    declared = request.headers.get("content-type", "").lower()
    if not declared.startswith("multipart/form-data"):
        raise LoanRuleViolation("request.media_type")
    async with request.form(max_files=1, max_fields=4) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise LoanRuleViolation("file.missing")
        intake = await accept_statement(services, person.actor, file, "api", datetime.now(UTC))
    response.status_code = 201 if intake.new else 200
    response.headers["Location"] = f"/api/v1/statements/{intake.statement_id}"
    return StatementDetailTold.model_validate(await _found(services, intake.statement_id))


@router.get("/{statement_id}")
async def show(
    services: HasServices,
    _person: Reader,
    statement_id: UUID,
    state: LineState | None = None,
    page: PageNumber = 1,
) -> StatementDetailTold:
    """One file with a page of its lines."""
    return StatementDetailTold.model_validate(await _found(services, statement_id, state, page))


async def _found(
    services: Services, statement_id: UUID, state: LineState | None = None, page: int = 1
) -> StatementDetail:
    async with services.database.reading() as session:
        found = await statement_detail(session, statement_id, state, page)
    if found is None:
        raise NotFound
    return found
