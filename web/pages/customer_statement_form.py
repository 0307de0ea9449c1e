"""Yearly statements typed in or confirmed from a file, checked, and laid before a second person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.commands import Receipt
from domain.customers import ProposalKind
from domain.financials.checks import StatementFinding, check_statements, doubts_of, errors_of
from domain.financials.filing import Filing, content_of
from domain.financials.readings import StatementSource
from domain.people import Act
from domain.violations import Finding, FindingsViolation
from doorway.admission import needs
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.clock import business_date
from persistence.queries.customer_statements import (
    HeldStatement,
    KeptReading,
    held_statements,
    kept_reading,
    statements_of,
)
from web.flashes import to_page
from web.forms.asking import ask_from_form
from web.forms.entries import EntryReader
from web.forms.statements import (
    StatementEntries,
    blank_entries,
    doubts_mark,
    entries_of_form,
    entries_of_held,
    entries_of_reading,
    statement_form,
)
from web.pages.customer_parts import Asking, head_of, print_customer
from web.rendering import language_of

router = APIRouter(include_in_schema=False)
Keeper = Annotated[Person, Depends(needs(Act.KEEP_DOSSIER))]
TAB = "/statements"


@dataclass(frozen=True, slots=True)
class _Judged:
    """What was typed as read and checked. Without a filing or with findings it is refused."""

    filing: Filing | None = None
    findings: tuple[Finding, ...] = ()
    doubts: tuple[StatementFinding, ...] = ()


@router.get("/customers/{customer_id:uuid}/statements/new")
async def show_form(
    request: Request, services: HasServices, person: Keeper, customer_id: UUID
) -> Response:
    """The form: empty, of a file that was read, or of the years in force."""
    kept = await _reading(services, person, customer_id, request.query_params.get("reading", ""))
    if kept is not None:
        entries = entries_of_reading(kept.reading)
    elif held := await _held(services, customer_id, request.query_params.get("from") == "held"):
        entries = entries_of_held(held)
    else:
        entries = blank_entries(await _last_year(services))
    return await _print_form(request, services, person, customer_id, entries, kept=kept)


@router.post("/customers/{customer_id:uuid}/statements")
async def propose_statements(
    request: Request, services: HasServices, person: Keeper, customer_id: UUID
) -> Response:
    """Check what was typed, have doubts looked at, and lay it before a second person."""
    read = EntryReader(await request.form())
    typed = entries_of_form(read)
    kept = await _reading(services, person, customer_id, read.text("reading_id"))
    judged = await _judged(services, customer_id, typed, kept)
    filing = judged.filing
    unseen = judged.doubts and read.text("doubts_seen") != doubts_mark(judged.doubts)
    if filing is None or judged.findings or unseen:
        return await _print_form(
            *(request, services, person, customer_id, typed),
            kept=kept,
            judged=judged,
            status_code=422,
        )

    async def ask() -> Receipt:
        asking = Asking(services, person, customer_id, read)
        return await asking.propose(ProposalKind.STATEMENTS, content_of(filing))

    refused_form = await ask_from_form("statements", read, ask)
    if refused_form is None:
        return to_page(request, f"/customers/{customer_id}/proposals", "proposal_made")
    form = refused_form.form
    again = replace(typed, token=form.token, code=form.code, params=form.params)
    return await _print_form(
        *(request, services, person, customer_id, again),
        kept=kept,
        judged=replace(judged, findings=form.findings),
        status_code=refused_form.status,
    )


async def _judged(
    services: Services, customer_id: UUID, typed: StatementEntries, kept: KeptReading | None
) -> _Judged:
    try:
        filing = typed.filing(kept)
    except FindingsViolation as refused:
        return _Judged(findings=refused.findings)
    async with services.database.reading() as session:
        known = await statements_of(session, customer_id, None)
        today = await business_date(session, datetime.now(UTC))
    found = check_statements(filing.statements, known, today=today)
    return _Judged(filing, errors_of(found), doubts_of(found))


async def _print_form(
    request: Request,
    services: Services,
    person: Person,
    customer_id: UUID,
    entries: StatementEntries,
    *,
    kept: KeptReading | None = None,
    judged: _Judged = _Judged(),
    status_code: int = 200,
) -> Response:
    head = await head_of(services, person, customer_id)
    reading = kept.reading if kept else None
    form = statement_form(entries, language_of(request), judged.findings, judged.doubts, reading)
    return print_customer(
        request,
        "customers/statement_form.html",
        head,
        TAB,
        status_code=status_code,
        form=form,
        kept=kept,
        pdf=StatementSource.PDF,
    )


async def _reading(
    services: Services, person: Person, customer_id: UUID, text: str
) -> KeptReading | None:
    """The reading named, None where none is; NotFound where it is none of this customer's."""
    if not text:
        return None
    try:
        reading_id = UUID(text)
    except ValueError as malformed:
        raise NotFound from malformed
    async with services.database.reading() as session:
        kept = await kept_reading(session, person.actor, customer_id, reading_id)
    if kept is None:
        raise NotFound
    return kept


async def _held(services: Services, customer_id: UUID, wanted: bool) -> tuple[HeldStatement, ...]:
    if not wanted:
        return ()
    async with services.database.reading() as session:
        return await held_statements(session, customer_id)


async def _today(services: Services) -> date:
    async with services.database.reading() as session:
        return await business_date(session, datetime.now(UTC))


async def _last_year(services: Services) -> int:
    """The last year that is over."""
    return (await _today(services)).year - 1
