"""A customer's limits for programs: the tree, a derivation, a simulation. Nothing is stored here.

A limit is set by a proposal of the kind `limit` or `limit_exception`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from api.schemas.customer_limits import (
    AskLimit,
    AskSimulation,
    DerivationTold,
    LimitsTold,
    SimulationTold,
)
from api.schemas.strict import body_of
from api.security import api_needs
from api.strict_json import JsonBody
from domain.limits.simulation import Change
from domain.people import Act
from domain.violations import LoanRuleViolation
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.clock import business_date
from persistence.queries.customer_head import customer_head
from persistence.queries.limit_page import limit_page, simulated

router = APIRouter(prefix="/customers/{customer_id}/limits", tags=["limits"])
Reader = Annotated[Person, Depends(api_needs(Act.READ_CUSTOMERS))]


@router.get("")
async def index(services: HasServices, person: Reader, customer_id: UUID) -> LimitsTold:
    """The limits over a customer, what is in flight under them, and when to ask."""
    await _known(services, person, customer_id)
    async with services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
        page = await limit_page(session, customer_id, today)
    tree = page.tree
    told = {"nodes": tree.nodes, "flying": tree.flying, "available": tree.available}
    return LimitsTold.model_validate({**told, "advice": page.advice})


@router.post("/derivation", openapi_extra=body_of(AskLimit))
async def derive_limit(
    services: HasServices,
    person: Reader,
    customer_id: UUID,
    asked: Annotated[AskLimit, Depends(JsonBody(AskLimit))],
) -> DerivationTold:
    """Limit, tenor and rate for what is asked, line by line."""
    found = await _simulated(services, person, customer_id, asked, Change())
    return found.before


@router.post("/simulation", openapi_extra=body_of(AskSimulation))
async def simulate_limit(
    services: HasServices,
    person: Reader,
    customer_id: UUID,
    asked: Annotated[AskSimulation, Depends(JsonBody(AskSimulation))],
) -> SimulationTold:
    """The customer as it is and as it would be."""
    return await _simulated(services, person, customer_id, asked, asked.change())


async def _simulated(
    services: Services, person: Person, customer_id: UUID, asked: AskLimit, change: Change
) -> SimulationTold:
    await _known(services, person, customer_id)
    async with services.database.reading() as session:
        today = await business_date(session, datetime.now(UTC))
        found = await simulated(session, customer_id, today, asked.terms(), change)
    if found is None:
        raise LoanRuleViolation("limit.not_rated")
    return SimulationTold.model_validate(found)


async def _known(services: Services, person: Person, customer_id: UUID) -> None:
    async with services.database.reading() as session:
        if await customer_head(session, person.actor, customer_id) is None:
            raise NotFound
