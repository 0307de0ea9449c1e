"""A customer's ratings: read, and asked for anew."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from api.acts import Key
from api.schemas.customer_ratings import RatingAsked, RatingsTold
from api.security import api_needs
from domain.people import Act
from doorway.rating import rate_now
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from persistence.queries.customer_head import customer_head
from persistence.queries.customer_ratings import rating_history

router = APIRouter(prefix="/customers/{customer_id}/rating", tags=["customers"])
Reader = Annotated[Person, Depends(api_needs(Act.READ_CUSTOMERS))]
Rater = Annotated[Person, Depends(api_needs(Act.PROPOSE_RATING))]


@router.get("")
async def index(services: HasServices, person: Reader, customer_id: UUID) -> RatingsTold:
    """The rating in force and those before it, with what each rested on."""
    await _refuse_unseen(services, person, customer_id)
    async with services.database.reading() as session:
        ratings = await rating_history(session, customer_id)
    in_force = next((one for one in ratings if one.superseded_at is None), None)
    return RatingsTold.model_validate({"in_force": in_force, "ratings": ratings})


@router.post("", status_code=202)
async def rate_anew(
    services: HasServices, person: Rater, _key: Key, customer_id: UUID
) -> RatingAsked:
    """Have the customer rated anew; the rating shows once its process has made it."""
    await _refuse_unseen(services, person, customer_id)
    await rate_now(services, customer_id, person.actor)
    return RatingAsked()


async def _refuse_unseen(services: Services, person: Person, customer_id: UUID) -> None:
    async with services.database.reading() as session:
        if await customer_head(session, person.actor, customer_id) is None:
            raise NotFound
