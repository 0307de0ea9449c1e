"""The working calendar: read, a year proposed by one person, decided by another."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from api.acts import Key, command_id_of
from api.schemas.calendar import AskYear, CalendarTold, DecideOnYear, VersionTold
from api.schemas.strict import body_of
from api.security import api_needs
from api.strict_json import JsonBody
from domain.people import Act
from domain.working_days import DecideCalendar, YearDays
from doorway.errors import printed
from doorway.refusals import NotFound, refusal_in
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.calendars import ProposedYear, propose_calendar
from persistence.queries.calendars import (
    VersionView,
    newest_versions,
    ruling_years,
    version_named,
)

router = APIRouter(prefix="/calendar", tags=["calendar"])
Reader = Annotated[Person, Depends(api_needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]
Proposer = Annotated[Person, Depends(api_needs(Act.PROPOSE_RATE))]
Approver = Annotated[Person, Depends(api_needs(Act.APPROVE_RATE))]


@router.get("")
async def index(services: HasServices, person: Reader) -> CalendarTold:
    """Every year with the version that rules it."""
    async with services.database.reading() as session:
        years = await ruling_years(session, person.actor)
        newest = await newest_versions(session, person.actor)
    return CalendarTold.model_validate({"years": years, "newest": newest})


@router.post("/versions", status_code=201, openapi_extra=body_of(AskYear))
async def propose(
    services: HasServices,
    person: Proposer,
    asked: Annotated[AskYear, Depends(JsonBody(AskYear))],
    response: Response,
) -> VersionTold:
    """Lay a year's days before another person."""
    days = YearDays.of(asked.year, asked.off, asked.worked)
    wanted = ProposedYear(days=days, official=asked.official, source=asked.source)
    async with services.database.transaction() as session:
        version_id = await propose_calendar(session, wanted, person.actor, datetime.now(UTC))
    response.headers["Location"] = f"/api/v1/calendar/versions/{version_id}"
    return VersionTold.model_validate(await _version(services, person, version_id))


@router.get("/versions/{version_id}")
async def read(services: HasServices, person: Reader, version_id: UUID) -> VersionTold:
    """One version."""
    return VersionTold.model_validate(await _version(services, person, version_id))


@router.post(
    "/versions/{version_id}/decision",
    response_model=VersionTold,
    openapi_extra=body_of(DecideOnYear),
)
async def decide(
    request: Request,
    services: HasServices,
    person: Approver,
    key: Key,
    version_id: UUID,
    asked: Annotated[DecideOnYear, Depends(JsonBody(DecideOnYear))],
) -> Response | VersionTold:
    """Approve or reject another person's year; approved, due dates move by themselves."""
    await _version(services, person, version_id)
    command_id = command_id_of(person, key)
    command = DecideCalendar(command_id, version_id, person.actor, asked.approve)
    receipt = await services.process.decide_calendar(command)
    if not receipt.accepted:
        return printed(request, refusal_in(receipt))
    return VersionTold.model_validate(await _version(services, person, version_id))


async def _version(services: Services, person: Person, version_id: UUID) -> VersionView:
    async with services.database.reading() as session:
        found = await version_named(session, person.actor, version_id)
    if found is None:
        raise NotFound
    return found
