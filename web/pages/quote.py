"""What a loan would cost: a form whose address is the quote, its table and its file."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.business_time import BusinessCalendar
from domain.people import Act
from domain.quotes import Quote, quote
from domain.violations import Finding, FindingsViolation, LoanRuleViolation
from doorway.admission import needs
from doorway.services import HasServices
from doorway.sessions import Person
from persistence.clock import business_date, working_calendar
from persistence.queries.paging import page_of
from web.csv_files import csv_file
from web.forms.lists import ListLinks, page_number
from web.forms.quote import DAY_COUNTS, FIELD_OF_RULE, defaults, quote_reader
from web.pages.schedule_chart import gathered, picture_of
from web.printing import print_page

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]
ROWS_A_PAGE = 120
HEADING = ("number", "due_on", "principal", "interest", "total", "balance_after")


@router.get("/quote")
async def show_quote(request: Request, services: HasServices, person: Reader) -> Response:
    """The form, and the quote of what the address says."""
    findings: tuple[Finding, ...] = ()
    found: Quote | None = None
    async with services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
        calendar = await working_calendar(session)
    entries = {name: text for name, text in request.query_params.items() if name != "page"}
    if entries:
        try:
            found = await _quoted(entries, calendar)
        except FindingsViolation as refused:
            findings = refused.findings
    lines = found.lines if found else ()
    page = page_of(page_number(request.query_params), len(lines), ROWS_A_PAGE)
    return print_page(
        request,
        "quote/page.html",
        status_code=422 if findings else 200,
        values={**defaults(today), **entries},
        findings=findings,
        errors={finding.field: finding for finding in findings},
        quote=found,
        lines=lines[page.offset : page.last],
        page_of_lines=page,
        links=ListLinks("/quote", entries),
        chart=picture_of(gathered(lines)) if lines else None,
        day_counts=[(code, code) for code in DAY_COUNTS],
        file_address=ListLinks("/quote.csv", entries).to(),
    )


@router.get("/quote.csv")
async def send_quote(request: Request, services: HasServices, person: Reader) -> Response:
    """The lines as a file: machine dates and plain figures."""
    async with services.database.reading() as session:
        calendar = await working_calendar(session)
    found = await _quoted(request.query_params, calendar)
    rows = (
        (line.n, line.due_on, line.principal, line.interest, line.total, line.balance_after)
        for line in found.lines
    )
    return csv_file("quote", HEADING, rows)


async def _quoted(params: Mapping[str, str], calendar: BusinessCalendar) -> Quote:
    """The quote, computed beside what else the server answers. Violation: `findings`, by field."""
    asked = quote_reader(params).asked()
    try:
        return await asyncio.to_thread(
            quote, asked.terms, asked.fee, calendar.is_working, asked.tranches
        )
    except LoanRuleViolation as refused:
        raise FindingsViolation((_finding(refused),)) from refused


def _finding(refused: LoanRuleViolation) -> Finding:
    """A rule's refusal beside the entry it speaks of."""
    rule = refused.code.removeprefix("terms.")
    field = FIELD_OF_RULE.get(rule, "amount")
    if refused.code in ("amount.range", "account.matured"):
        field = "fee" if refused.code == "amount.range" else "tranches"
    return Finding(field, refused.code, refused.params)
