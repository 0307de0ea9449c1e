"""Watching customers: alerts, signals, covenants, measures, and events that come in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.schemas.strict import asked_day, body_of
from api.schemas.watch import (
    AlertBoardTold,
    AlertsTold,
    AskAction,
    AskEvent,
    CovenantsTold,
    EventTold,
    MeasuresTold,
    SignalsTold,
)
from api.security import api_needs
from api.strict_json import JsonBody
from domain.people import Act
from domain.watch.signals import Colour
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from doorway.watching import act_on_alert, report_event
from persistence.queries.alerts import AlertFilters, alert_board, alerts_of_customer
from persistence.queries.customer_head import customer_head
from persistence.queries.watch import covenants_of, measures_of
from persistence.watch_signals import signals_now

router = APIRouter(tags=["watch"])
Reader = Annotated[Person, Depends(api_needs(Act.READ_CUSTOMERS))]
Keeper = Annotated[Person, Depends(api_needs(Act.KEEP_WATCH))]
Reporter = Annotated[Person, Depends(api_needs(Act.KEEP_WATCH, Act.RELEASE))]


@router.get("/alerts")
async def board(
    services: HasServices,
    person: Reader,
    colour: Annotated[Colour | None, Query()] = None,
    mine: Annotated[bool, Query()] = False,
    overdue: Annotated[bool, Query()] = False,
) -> AlertBoardTold:
    """Open alerts of all customers, overdue first."""
    filters = AlertFilters(colour, mine=mine, overdue=overdue)
    async with services.database.reading() as session:
        found = await alert_board(session, person.actor, filters, datetime.now(UTC))
    return AlertBoardTold.model_validate(found)


@router.get("/customers/{customer_id}/alerts")
async def alerts(services: HasServices, person: Reader, customer_id: UUID) -> AlertsTold:
    """A customer's alerts, open ones first."""
    await _known(services, person, customer_id)
    async with services.database.reading() as session:
        found = await alerts_of_customer(session, person.actor, customer_id, datetime.now(UTC))
    return AlertsTold.model_validate({"alerts": found})


@router.post(
    "/customers/{customer_id}/alerts/{alert_id}/action",
    status_code=204,
    openapi_extra=body_of(AskAction),
)
async def act(
    services: HasServices,
    person: Keeper,
    customer_id: UUID,
    alert_id: UUID,
    asked: Annotated[AskAction, Depends(JsonBody(AskAction))],
) -> Response:
    """Note what is being done; closing it is a proposal of kind `alert_closure`."""
    await act_on_alert(services, person, customer_id, alert_id, asked.action)
    return Response(status_code=204)


@router.get("/customers/{customer_id}/signals")
async def signals(services: HasServices, person: Reader, customer_id: UUID) -> SignalsTold:
    """Every signal as it stands now; what cannot be assessed names what is missing."""
    await _known(services, person, customer_id)
    async with services.database.reading() as session:
        found = await signals_now(session, customer_id, datetime.now(UTC))
    return SignalsTold.model_validate({"signals": found})


@router.get("/customers/{customer_id}/covenants")
async def covenants(services: HasServices, person: Reader, customer_id: UUID) -> CovenantsTold:
    """A customer's covenants with their tests; a new one is a proposal of kind `covenant`."""
    await _known(services, person, customer_id)
    async with services.database.reading() as session:
        return CovenantsTold.model_validate({"covenants": await covenants_of(session, customer_id)})


@router.get("/customers/{customer_id}/measures")
async def measures(services: HasServices, person: Reader, customer_id: UUID) -> MeasuresTold:
    """What the ladder suggested; one is proposed as a proposal of kind `ladder`."""
    await _known(services, person, customer_id)
    async with services.database.reading() as session:
        return MeasuresTold.model_validate({"measures": await measures_of(session, customer_id)})


@router.post("/customers/{customer_id}/events", status_code=201, openapi_extra=body_of(AskEvent))
async def event(
    services: HasServices,
    person: Reporter,
    customer_id: UUID,
    asked: Annotated[AskEvent, Depends(JsonBody(AskEvent))],
) -> EventTold:
    """Something happened to a customer: it is verified, rated and looked at anew."""
    event_id = await report_event(
        services,
        person,
        customer_id,
        asked.kind,
        asked.before,
        asked.after,
        source=asked.source,
        reference=asked.reference,
        happened_on=asked_day("happened_on", asked.happened_on),
    )
    return EventTold(event_id=event_id)


async def _known(services: Services, person: Person, customer_id: UUID) -> None:
    async with services.database.reading() as session:
        if await customer_head(session, person.actor, customer_id) is None:
            raise NotFound
