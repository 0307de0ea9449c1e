"""A customer's yearly statements side by side; the template, files taken in and given back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from domain.people import Act
from domain.violations import Finding, FindingsViolation, LoanRuleViolation
from doorway.admission import needs
from doorway.financials import FILE_FIELD, accept_financials
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.clock import business_clock
from persistence.queries.customer_statements import (
    KeptReading,
    held_statements,
    kept_reading,
    superseded_statements,
)
from web.flashes import to_page
from web.pages.customer_parts import head_of, print_customer
from web.pages.statement_sheet import sheet_of

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.READ_CUSTOMERS))]
Keeper = Annotated[Person, Depends(needs(Act.KEEP_DOSSIER))]
TAB = "/statements"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/customers/{customer_id:uuid}/statements")
async def show_statements(
    request: Request, services: HasServices, person: Reader, customer_id: UUID
) -> Response:
    """The years in force, now or as of a day."""
    return await _print_sheet(request, services, person, customer_id)


@router.get("/customers/{customer_id:uuid}/statements/template")
async def download_template(services: HasServices, person: Keeper, customer_id: UUID) -> Response:
    """An empty workbook of the last three years."""
    await head_of(services, person, customer_id)
    async with services.database.reading() as session:
        last = (await business_clock(session)).business_date(datetime.now(UTC)).year - 1
    content = services.financials.template((last - 2, last - 1, last))
    name = f"statements-{last - 2}-{last}.xlsx"
    return Response(
        content,
        media_type=_XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.post("/customers/{customer_id:uuid}/statements/readings")
async def upload(
    request: Request, services: HasServices, person: Keeper, customer_id: UUID
) -> Response:
    """Read a file; what it was read as is confirmed on the form."""
    await head_of(services, person, customer_id)
    sent = (await request.form()).get(FILE_FIELD)
    if not isinstance(sent, UploadFile) or not sent.filename:
        missing = (Finding(FILE_FIELD, "file.missing"),)
        return await _print_sheet(request, services, person, customer_id, missing)
    now = datetime.now(UTC)
    try:
        reading_id = await accept_financials(services, person.actor, customer_id, sent, now)
    except FindingsViolation as refused:
        return await _print_sheet(request, services, person, customer_id, refused.findings)
    path = f"/customers/{customer_id}/statements/new?reading={reading_id}"
    return to_page(request, path, "statements_read")


@router.get("/customers/{customer_id:uuid}/statements/readings/{reading_id:uuid}/file")
async def download_file(
    services: HasServices, person: Reader, customer_id: UUID, reading_id: UUID
) -> Response:
    """The file a reading was made from, after its bytes were checked against its hash."""
    async with services.database.reading() as session:
        kept = await kept_reading(session, person.actor, customer_id, reading_id)
    if kept is None:
        raise NotFound
    content = await _content(services, kept)
    name = f"attachment; filename*=UTF-8''{quote(kept.filename)}"
    return Response(content, media_type=kept.media_type, headers={"Content-Disposition": name})


@router.get(
    "/customers/{customer_id:uuid}/statements/readings/{reading_id:uuid}/pages/{number:int}"
)
async def show_page(
    services: HasServices, person: Reader, customer_id: UUID, reading_id: UUID, number: int
) -> Response:
    """A page of the file, as a picture beside the figures that were read from it."""
    async with services.database.reading() as session:
        kept = await kept_reading(session, person.actor, customer_id, reading_id)
    if kept is None or number not in kept.reading.pages:
        raise NotFound
    picture = await services.financials.picture(await _content(services, kept), number)
    return Response(picture, media_type="image/png")


async def _content(services: Services, kept: KeptReading) -> bytes:
    """The file's bytes. Violation: `document.changed` where they are no longer what was read."""
    try:
        return await services.documents.get(kept.sha256)
    except FileNotFoundError as missing:
        raise NotFound from missing
    except ValueError as changed:
        raise LoanRuleViolation("document.changed") from changed


async def _print_sheet(
    request: Request,
    services: Services,
    person: Person,
    customer_id: UUID,
    findings: tuple[Finding, ...] = (),
) -> Response:
    head = await head_of(services, person, customer_id)
    as_of = _day(request.query_params.get("as_of", ""))
    async with services.database.reading() as session:
        clock = await business_clock(session)
        held = await held_statements(session, customer_id, clock.end_of(as_of) if as_of else None)
        superseded = await superseded_statements(session, customer_id)
    return print_customer(
        request,
        "customers/statements.html",
        head,
        TAB,
        status_code=422 if findings else 200,
        sheet=sheet_of([each.statement for each in held]),
        held={each.statement.year: each for each in held},
        superseded=superseded,
        as_of=as_of,
        findings=findings,
        may_keep=person.may(Act.KEEP_DOSSIER),
    )


def _day(text: str) -> date | None:
    """A day asked for; what cannot be read counts as not asked."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
