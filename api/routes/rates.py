"""Indices and fixings: read, proposed by one person, decided by another."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from api.acts import Key, command_id_of
from api.schemas.rates import (
    AskFixing,
    AskIndex,
    DecideOnFixing,
    FixingTold,
    IndexTold,
    RatesTold,
    RepricingTold,
)
from api.schemas.strict import body_of
from api.security import api_needs
from api.strict_json import JsonBody
from domain.people import Act
from domain.rates import DecideFixing
from doorway.errors import printed
from doorway.refusals import NotFound, refusal_in
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.clock import business_date
from persistence.queries.rates import FixingView, fixing_named, fixings, index_named, indices
from persistence.rate_preview import repricing_page
from persistence.rates import ProposedFixing, add_index, propose_fixing

router = APIRouter(prefix="/rates", tags=["rates"])
Reader = Annotated[Person, Depends(api_needs(Act.READ_OWN_CASES, Act.READ_ALL_CASES))]
AllReader = Annotated[Person, Depends(api_needs(Act.READ_ALL_CASES))]
Proposer = Annotated[Person, Depends(api_needs(Act.PROPOSE_RATE))]
Approver = Annotated[Person, Depends(api_needs(Act.APPROVE_RATE))]


@router.get("")
async def index(services: HasServices, person: Reader) -> RatesTold:
    """Every index with the fixing that counts today, and what waits for a verdict."""
    async with services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
        known = await indices(session, today)
        waiting = await fixings(session, person.actor, waiting=True)
    return RatesTold.model_validate({"indices": known, "waiting": waiting})


@router.post("/indices", status_code=201, openapi_extra=body_of(AskIndex))
async def create_index(
    services: HasServices,
    person: Proposer,
    asked: Annotated[AskIndex, Depends(JsonBody(AskIndex))],
    response: Response,
) -> IndexTold:
    """Let the bank know another index."""
    now = datetime.now(UTC)
    async with services.database.transaction() as session:
        names = (asked.name_zh, asked.name_en)
        await add_index(session, asked.code, *names, person.actor, now)
    response.headers["Location"] = f"/api/v1/rates/indices/{asked.code}/fixings"
    async with services.database.reading() as session:
        found = await index_named(session, asked.code, await business_date(session, now))
    return IndexTold.model_validate(found)


@router.get("/indices/{code}/fixings")
async def list_fixings(services: HasServices, person: Reader, code: str) -> list[FixingTold]:
    """All fixings of one index, the newest first day first."""
    async with services.database.reading() as session:
        if (
            await index_named(session, code, await business_date(session, datetime.now(UTC)))
            is None
        ):
            raise NotFound
        found = await fixings(session, person.actor, index=code)
    return [FixingTold.model_validate(fixing) for fixing in found]


@router.post("/fixings", status_code=201, openapi_extra=body_of(AskFixing))
async def propose(
    services: HasServices,
    person: Proposer,
    asked: Annotated[AskFixing, Depends(JsonBody(AskFixing))],
    response: Response,
) -> FixingTold:
    """Lay a fixing before another person."""
    wanted = ProposedFixing(
        index=asked.index,
        published_on=asked.published_on,
        effective_on=asked.effective_on or asked.published_on,
        yearly_rate=asked.yearly_rate,
        source=asked.source,
    )
    async with services.database.transaction() as session:
        fixing_id = await propose_fixing(session, wanted, person.actor, datetime.now(UTC))
    response.headers["Location"] = f"/api/v1/rates/fixings/{fixing_id}"
    return FixingTold.model_validate(await _fixing(services, person, fixing_id))


@router.get("/fixings/{fixing_id}")
async def read(services: HasServices, person: Reader, fixing_id: UUID) -> FixingTold:
    """One fixing."""
    return FixingTold.model_validate(await _fixing(services, person, fixing_id))


@router.get("/fixings/{fixing_id}/repricing")
async def show_repricing(
    services: HasServices, person: AllReader, fixing_id: UUID, after: UUID | None = None
) -> RepricingTold:
    """What it would do today to the loans that follow its index, some at a time."""
    await _fixing(services, person, fixing_id)
    async with services.database.reading() as session:
        found = await repricing_page(session, fixing_id, datetime.now(UTC), after)
    return RepricingTold.model_validate(found)


@router.post(
    "/fixings/{fixing_id}/decision",
    response_model=FixingTold,
    openapi_extra=body_of(DecideOnFixing),
)
async def decide(
    request: Request,
    services: HasServices,
    person: Approver,
    key: Key,
    fixing_id: UUID,
    asked: Annotated[DecideOnFixing, Depends(JsonBody(DecideOnFixing))],
) -> Response | FixingTold:
    """Approve or reject another person's fixing; approved, the loans run again by themselves."""
    await _fixing(services, person, fixing_id)
    command_id = command_id_of(person, key)
    command = DecideFixing(command_id, fixing_id, person.actor, asked.approve)
    receipt = await services.process.decide_fixing(command)
    if not receipt.accepted:
        return printed(request, refusal_in(receipt))
    return FixingTold.model_validate(await _fixing(services, person, fixing_id))


async def _fixing(services: Services, person: Person, fixing_id: UUID) -> FixingView:
    async with services.database.reading() as session:
        found = await fixing_named(session, person.actor, fixing_id)
    if found is None:
        raise NotFound
    return found
