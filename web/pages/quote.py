"""What a loan would cost: a form whose address is the quote, its table and its file."""

from __future__ import annotations

import csv
import io
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
from web.forms.quote import DAY_COUNTS, FIELD_OF_RULE, defaults, quote_reader
from web.pages.schedule_chart import picture_of
from web.printing import print_page

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]


@router.get("/quote")
async def show_quote(request: Request, services: HasServices, person: Reader) -> Response:
    """The form, and the quote of what the address says."""
    findings: tuple[Finding, ...] = ()
    found: Quote | None = None
    async with services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
        try:
            found = (
                _quoted(request.query_params, await working_calendar(session))
                if request.query_params
                else None
            )
        except FindingsViolation as refused:
            findings = refused.findings
    values = {**defaults(today), **request.query_params}
    return print_page(
        request,
        "quote/page.html",
        status_code=422 if findings else 200,
        values=values,
        findings=findings,
        errors={finding.field: finding for finding in findings},
        quote=found,
        chart=picture_of(found.lines) if found else None,
        day_counts=[(code, code) for code in DAY_COUNTS],
        file_address=f"/quote.csv?{request.url.query}",
    )


@router.get("/quote.csv")
async def send_quote(request: Request, services: HasServices, person: Reader) -> Response:
    """The lines as a file: machine dates and plain figures."""
    async with services.database.reading() as session:
        found = _quoted(request.query_params, await working_calendar(session))
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(("number", "due_on", "principal", "interest", "total", "balance_after"))
    table.writerows(
        (line.n, line.due_on, line.principal, line.interest, line.total, line.balance_after)
        for line in found.lines
    )
    sent = {"Content-Disposition": 'attachment; filename="quote.csv"', "Cache-Control": "no-store"}
    return Response(written.getvalue(), media_type="text/csv; charset=utf-8", headers=sent)


def _quoted(params: Mapping[str, str], calendar: BusinessCalendar) -> Quote:
    """The quote. Violation: `findings`, by field."""
    terms, fee = quote_reader(params).terms()
    try:
        return quote(terms, fee, calendar.is_working)
    except LoanRuleViolation as refused:
        rule = refused.code.removeprefix("terms.")
        field = "fee" if refused.code == "amount.range" else FIELD_OF_RULE.get(rule, "amount")
        raise FindingsViolation((Finding(field, refused.code, refused.params),)) from refused
