"""A loan's account on any day: key figures, and one part at a time in full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from domain.people import Act
from domain.violations import Finding, LoanRuleViolation
from doorway.admission import needs
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.queries.accounts import AccountPage, account_page
from persistence.queries.case_access import may_see_case
from persistence.queries.ledger import Ledger, count_journals, ledger
from persistence.queries.paging import PageOf, page_of
from web.csv_files import csv_file
from web.forms.entries import EntryReader
from web.forms.lists import ListLinks, page_number
from web.pages.account_files import TABLES
from web.pages.schedule_chart import gathered, picture_of
from web.printing import print_page

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]
ROWS_A_PAGE = 120
_UNREAD = Ledger(())


class AccountPart(StrEnum):
    """A tab of the page."""

    SCHEDULE = "schedule"
    INTEREST = "interest"
    ENTRIES = "entries"
    JOURNAL = "journal"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for; `on` None is today, also where what it says is no date."""

    part: AccountPart
    on: date | None
    on_text: str
    page: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """The account with its books, and why the day asked for is not the one shown, if so."""

    account: AccountPage | None
    books: Ledger = _UNREAD
    journals: int = 0
    findings: tuple[Finding, ...] = ()


@router.get("/loans/{loan_id:uuid}/account")
async def show_account(
    request: Request, services: HasServices, person: Reader, loan_id: UUID
) -> Response:
    """The account today or on the day asked for; an unknown part is the first one."""
    asked = _asked(request)
    shown = await _shown(services, person, loan_id, asked)
    account = shown.account
    if account is None:
        return print_page(request, "account/none.html", loan_id=loan_id)
    rows = _rows_of(account, shown.books, asked.part)
    page = page_of(asked.page, len(rows), ROWS_A_PAGE)
    path = f"/loans/{loan_id}/account"
    chosen = {"part": asked.part.value, "on": "" if shown.findings else asked.on_text}
    return print_page(
        request,
        "account/page.html",
        status_code=422 if shown.findings else 200,
        found=account,
        part=asked.part.value,
        on_text=asked.on_text,
        findings=shown.findings,
        errors={finding.field: finding for finding in shown.findings},
        books=shown.books,
        journals=shown.journals,
        rows=rows[page.offset : page.last],
        page_of_rows=page,
        links=ListLinks(path, chosen),
        files=ListLinks(f"{path}/{asked.part.value}.csv", {"on": chosen["on"]}),
        chart=_chart(account, asked.part, page),
        may_propose=person.may(Act.PROPOSE_CHANGE),
    )


@router.get("/loans/{loan_id:uuid}/account/{part}.csv")
async def send_part(
    request: Request, services: HasServices, person: Reader, loan_id: UUID, part: str
) -> Response:
    """One part of the account as a file."""
    if part not in set(AccountPart):
        raise NotFound
    asked = replace(_asked(request), part=AccountPart(part))
    shown = await _shown(services, person, loan_id, asked, strict=True)
    if shown.account is None:
        raise LoanRuleViolation("account.not_drawn")
    heading, cells = TABLES[part]
    rows = _rows_of(shown.account, shown.books, AccountPart(part))
    name = f"{shown.account.case_number}-{part}-{shown.account.on}"
    return csv_file(name, heading, (line for row in rows for line in cells(row)))


def _asked(request: Request) -> Asked:
    query = request.query_params
    part, reader = query.get("part", ""), EntryReader(FormData(query))
    on_text = reader.text("on").strip()
    on = reader.day("on")
    findings: tuple[Finding, ...] = ()
    if on_text and on is None:
        findings = (Finding("on", "date.impossible"),)
    chosen = AccountPart(part) if part in set(AccountPart) else AccountPart.SCHEDULE
    return Asked(chosen, on, on_text, page_number(query), findings)


async def _shown(
    services: Services, person: Person, loan_id: UUID, asked: Asked, *, strict: bool = False
) -> Shown:
    """The account on the day asked for; where that is refused, today's and the reason."""
    findings, now = asked.findings, datetime.now(UTC)
    async with services.database.reading() as session:
        if not await may_see_case(session, person.actor, loan_id):
            raise NotFound
        try:
            account = await account_page(session, loan_id, asked.on, now)
        except LoanRuleViolation as refused:
            if refused.code == "account.not_drawn":
                return Shown(None)
            if strict or asked.on is None:
                raise
            findings = (Finding("on", refused.code, refused.params),)
            account = await account_page(session, loan_id, None, now)
        if strict and findings:
            raise LoanRuleViolation(findings[0].code, **findings[0].params)
        journals = await count_journals(session, loan_id, account.on)
        read = asked.part is AccountPart.JOURNAL
        books = await ledger(session, loan_id, account.on) if read else _UNREAD
        return Shown(account, books, journals, findings)


def _rows_of(account: AccountPage, books: Ledger, part: AccountPart) -> Sequence[object]:
    parts: dict[AccountPart, Sequence[object]] = {
        AccountPart.SCHEDULE: account.rows,
        AccountPart.INTEREST: account.statement,
        AccountPart.ENTRIES: account.entries,
        AccountPart.JOURNAL: books.journals,
    }
    return parts[part]


def _chart(account: AccountPage, part: AccountPart, page: PageOf) -> object:
    first = part is AccountPart.SCHEDULE and page.number == 1 and account.rows
    return picture_of(gathered(account.rows)) if first else None
