"""Customers compared with all sources: started, and read."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from api.acts import Key
from api.schemas.customer_verification import VerificationsTold
from api.security import api_needs
from domain.people import Act
from doorway.refusals import NotFound
from doorway.services import HasServices, Services
from doorway.sessions import Person
from doorway.verifying import verify_now
from persistence.queries.customer_head import customer_head
from persistence.queries.customer_verification import customer_verifications

router = APIRouter(prefix="/customers/{customer_id}/verification", tags=["customers"])
Reader = Annotated[Person, Depends(api_needs(Act.READ_CUSTOMERS))]
Starter = Annotated[Person, Depends(api_needs(Act.KEEP_DOSSIER, Act.CHECK_DOSSIER))]


@router.get("")
async def read(
    services: HasServices, person: Reader, customer_id: UUID, of: UUID | None = None
) -> VerificationsTold:
    """The newest verification, or the one named by `of`."""
    return await _told(services, person, customer_id, of)


@router.post("", status_code=202)
async def start(
    services: HasServices, person: Starter, _key: Key, customer_id: UUID
) -> VerificationsTold:
    """Have the customer compared with all sources; asked again while one waits, it is that one."""
    await _told(services, person, customer_id, None)
    await verify_now(services, customer_id)
    return await _told(services, person, customer_id, None)


async def _told(
    services: Services, person: Person, customer_id: UUID, of: UUID | None
) -> VerificationsTold:
    async with services.database.reading() as session:
        if await customer_head(session, person.actor, customer_id) is None:
            raise NotFound
        found = await customer_verifications(session, person.actor, customer_id, of)
    if found is None:
        raise NotFound
    return VerificationsTold.model_validate(found)
