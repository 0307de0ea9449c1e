"""Yearly statements of a customer: told, filed under four eyes, read from files."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from api.acts import Key, command_id_of
from api.routes.statements import FILE_FORM
from api.schemas.customer_proposals import ProposalTold
from api.schemas.customer_statements import AskStatements, AskYear, ReadingTold, StatementsTold
from api.schemas.strict import asked_day, body_of
from api.security import api_needs
from api.strict_json import JsonBody
from domain.customers import ProposalKind, ProposeForCustomer
from domain.financials.checks import balances, check_statements
from domain.financials.filing import Filing, TypedYear, content_of, read_filing
from domain.financials.ratios import ratios_of
from domain.financials.readings import StatementSource
from domain.people import Act
from domain.violations import LoanRuleViolation
from doorway.errors import printed
from doorway.financials import FILE_FIELD, accept_financials
from doorway.languages import language_of
from doorway.refusals import NotFound, refusal_in
from doorway.services import HasServices, Services
from doorway.sessions import Person
from language.messages import message_for
from persistence.clock import business_clock, business_date
from persistence.queries.customer_head import customer_head
from persistence.queries.customer_proposals import proposal_named
from persistence.queries.customer_statements import (
    HeldStatement,
    KeptReading,
    held_statements,
    kept_reading,
)

router = APIRouter(prefix="/customers/{customer_id}/statements", tags=["customers"])
Reader = Annotated[Person, Depends(api_needs(Act.READ_CUSTOMERS))]
Keeper = Annotated[Person, Depends(api_needs(Act.KEEP_DOSSIER))]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TEMPLATE: dict[int | str, dict[str, Any]] = {
    200: {"content": {XLSX: {}}, "description": "The workbook"}
}


@router.get("")
async def index(
    request: Request, services: HasServices, person: Reader, customer_id: UUID, as_of: str = ""
) -> StatementsTold:
    """The years in force, newest first: now, or at the end of the day `as_of`."""
    await _refuse_unseen(services, person, customer_id)
    day: date | None = asked_day("as_of", as_of) if as_of else None
    async with services.database.reading() as session:
        clock = await business_clock(session)
        held = await held_statements(session, customer_id, clock.end_of(day) if day else None)
    return StatementsTold.model_validate(_told(request, held))


@router.post("", status_code=201, response_model=ProposalTold, openapi_extra=body_of(AskStatements))
async def propose(
    request: Request,
    services: HasServices,
    person: Keeper,
    key: Key,
    customer_id: UUID,
    asked: Annotated[AskStatements, Depends(JsonBody(AskStatements))],
    response: Response,
) -> Response | ProposalTold:
    """Lay years before a second person; they are in force once approved."""
    await _refuse_unseen(services, person, customer_id)
    filing = await _filing(services, person, customer_id, asked)
    command = ProposeForCustomer(
        command_id_of(person, key),
        customer_id,
        person.actor,
        ProposalKind.STATEMENTS,
        content_of(filing),
        asked.reason,
    )
    receipt = await services.process.propose_for_customer(command)
    if not receipt.accepted:
        return printed(request, refusal_in(receipt))
    proposal_id = UUID(receipt.params["proposal"])
    response.headers["Location"] = f"/api/v1/customers/{customer_id}/proposals/{proposal_id}"
    async with services.database.reading() as session:
        made = await proposal_named(session, person.actor, proposal_id)
    return ProposalTold.model_validate(made)


@router.get("/template", response_class=Response, responses=_TEMPLATE)
async def template(services: HasServices, person: Keeper, customer_id: UUID) -> Response:
    """The Excel template of the last three years."""
    await _refuse_unseen(services, person, customer_id)
    async with services.database.reading() as session:
        last = (await business_date(session, datetime.now(UTC))).year - 1
    content = services.financials.template((last - 2, last - 1, last))
    headers = {"Content-Disposition": 'attachment; filename="statements.xlsx"'}
    return Response(content, media_type=XLSX, headers=headers)


@router.post("/readings", status_code=201, openapi_extra=FILE_FORM)
async def read_file(
    request: Request, response: Response, services: HasServices, person: Keeper, customer_id: UUID
) -> ReadingTold:
    """Read one `file`, the filled-in template or a PDF; nothing is filed by it."""
    await _refuse_unseen(services, person, customer_id)
    declared = request.headers.get("content-type", "").lower()
    if not declared.startswith("multipart/form-data"):
        raise LoanRuleViolation("request.media_type")
    async with request.form(max_files=1, max_fields=4) as form:
        file = form.get(FILE_FIELD)
        if not isinstance(file, UploadFile):
            raise LoanRuleViolation("file.missing")
        now = datetime.now(UTC)
        reading_id = await accept_financials(services, person.actor, customer_id, file, now)
    response.headers["Location"] = (
        f"/api/v1/customers/{customer_id}/statements/readings/{reading_id}"
    )
    return _reading_told(await _reading(services, person, customer_id, reading_id))


@router.get("/readings/{reading_id}")
async def show_reading(
    services: HasServices, person: Reader, customer_id: UUID, reading_id: UUID
) -> ReadingTold:
    """What a file was read as."""
    return _reading_told(await _reading(services, person, customer_id, reading_id))


async def _filing(
    services: Services, person: Person, customer_id: UUID, asked: AskStatements
) -> Filing:
    """Violations: those of `read_filing`, `not_found` for a reading of no file here."""
    source = StatementSource.TYPED
    if asked.reading_id is not None:
        kept = await _reading(services, person, customer_id, asked.reading_id)
        source = kept.reading.source
    years = [_typed(year) for year in asked.years]
    return read_filing(asked.currency, asked.unit, years, source, asked.reading_id)


def _typed(asked: AskYear) -> TypedYear:
    year = str(asked.year)
    return TypedYear(year, year, asked.lines, asked.audited, asked.auditor, asked.ended_on)


async def _refuse_unseen(services: Services, person: Person, customer_id: UUID) -> None:
    async with services.database.reading() as session:
        if await customer_head(session, person.actor, customer_id) is None:
            raise NotFound


async def _reading(
    services: Services, person: Person, customer_id: UUID, reading_id: UUID
) -> KeptReading:
    async with services.database.reading() as session:
        kept = await kept_reading(session, person.actor, customer_id, reading_id)
    if kept is None:
        raise NotFound
    return kept


def _told(request: Request, held: tuple[HeldStatement, ...]) -> dict[str, Any]:
    by_year = {each.statement.year: each.statement for each in held}
    language = language_of(request)
    found = check_statements(tuple(by_year.values())) if held else ()
    years = []
    for each in held:
        statement = each.statement
        years.append(
            {name: getattr(each, name) for name in _PROVENANCE}
            | {name: getattr(statement, name) for name in _STATED}
            | {
                "balances": balances(statement),
                "ratios": ratios_of(statement, by_year.get(statement.year - 1)),
            }
        )
    findings = [
        {name: getattr(each, name) for name in ("year", "line", "code", "weight")}
        | {"message": message_for(each.code, each.params, language)}
        for each in found
    ]
    return {"years": years, "findings": findings}


_STATED = ("year", "ended_on", "currency", "audited", "lines")
_PROVENANCE = (
    *("unit", "auditor", "source", "reading_id", "proposal_id", "proposer", "approver"),
    *("filed_at", "known_from", "known_to"),
)


def _reading_told(kept: KeptReading) -> ReadingTold:
    names = ("source", "unit", "currency", "years", "audited", "auditors", "figures")
    reading = {name: getattr(kept.reading, name) for name in names}
    own = {"id": kept.id, "filename": kept.filename, "sha256": kept.sha256}
    return ReadingTold.model_validate(reading | own)
