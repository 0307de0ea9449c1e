"""The working calendar: which version rules each year, and proposing another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from domain.commands import Receipt
from domain.people import Act
from domain.violations import FindingsViolation, LoanRuleViolation
from domain.working_days import DecideCalendar
from doorway.admission import needs
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.calendar_moves import moved_page
from persistence.calendars import propose_calendar
from persistence.clock import business_date
from persistence.queries.calendars import (
    changed_by,
    moved_by,
    newest_versions,
    ruling_years,
    version_named,
    year_now,
)
from web.flashes import to_page
from web.forms.acts import ActForm
from web.forms.asking import RefusedForm, ask_from_form
from web.forms.calendar import CalendarReader
from web.forms.entries import EntryReader
from web.printing import print_page

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]
Proposer = Annotated[Person, Depends(needs(Act.PROPOSE_RATE))]
Approver = Annotated[Person, Depends(needs(Act.APPROVE_RATE))]
ANSWERS = ("approve", "reject")


@router.get("/calendar")
async def show_calendar(request: Request, services: HasServices, person: Reader) -> Response:
    """Every year with the version that rules it, and what waits for a verdict."""
    return await _print_list(request, services, person, ActForm(act="year"))


@router.post("/calendar/versions")
async def propose(request: Request, services: HasServices, person: Proposer) -> Response:
    """Lay a year's days before another person."""
    entries = CalendarReader(await request.form())
    try:
        asked = entries.proposed()
        async with services.database.transaction() as session:
            version = await propose_calendar(session, asked, person.actor, datetime.now(UTC))
        return to_page(request, f"/calendar/versions/{version}", "calendar_proposed")
    except LoanRuleViolation as refused:
        if not isinstance(refused, FindingsViolation):
            entries.refuse(refused)
    form = ActForm(act="year", values=entries.typed, findings=entries.findings, code="findings")
    return await _print_list(request, services, person, form, 422)


@router.get("/calendar/versions/{version_id:uuid}")
async def show_version(
    request: Request, services: HasServices, person: Reader, version_id: UUID
) -> Response:
    """A version: the days it changes, and the due dates it would move, loan by loan."""
    return await _print_version(request, services, person, version_id)


@router.post("/calendar/versions/{version_id:uuid}/decision")
async def decide(
    request: Request, services: HasServices, person: Approver, version_id: UUID
) -> Response:
    """Approve or reject another person's version."""
    entries = EntryReader(await request.form())
    async with services.database.reading() as session:
        if await version_named(session, person.actor, version_id) is None:
            raise NotFound

    async def ask() -> Receipt:
        answer = entries.choice("answer", ANSWERS)
        entries.refuse_findings()
        command = DecideCalendar(entries.token, version_id, person.actor, answer == "approve")
        return await services.process.decide_calendar(command)

    refused = await ask_from_form("verdict", entries, ask)
    if refused is None:
        return to_page(request, f"/calendar/versions/{version_id}", "calendar_decided")
    return await _print_version(request, services, person, version_id, refused)


async def _print_list(
    request: Request, services: Services, person: Person, form: ActForm, status: int = 200
) -> Response:
    async with services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
        years = await ruling_years(session, person.actor)
        newest = await newest_versions(session, person.actor)
        next_year = await year_now(session, today.year + 1)
    known: Mapping[str, str] = {
        "year": str(today.year + 1),
        "off": "\n".join(str(day) for day in next_year.off) if next_year else "",
        "worked": "\n".join(str(day) for day in next_year.worked) if next_year else "",
    }
    return print_page(
        request,
        "calendar/list.html",
        status_code=status,
        years=years,
        newest=newest,
        today=today,
        form=form if form.values else ActForm(act="year", values=known),
        may_propose=person.may(Act.PROPOSE_RATE),
    )


async def _print_version(
    request: Request,
    services: Services,
    person: Person,
    version_id: UUID,
    refused: RefusedForm | None = None,
) -> Response:
    now = datetime.now(UTC)
    async with services.database.reading() as session:
        version = await version_named(session, person.actor, version_id)
        if version is None:
            raise NotFound
        waits = version.status == "proposed"
        shown = (
            await moved_page(session, version_id, now)
            if waits and person.may(Act.READ_ALL_CASES)
            else None
        )
        changed = await changed_by(session, version) if waits else ()
        moved = await moved_by(session, version_id)
    return print_page(
        request,
        "calendar/version.html",
        status_code=refused.status if refused else 200,
        version=version,
        changed=changed,
        shown=shown,
        moved=moved,
        form=refused.form if refused else ActForm(),
        may_decide=waits and person.may(Act.APPROVE_RATE),
    )
