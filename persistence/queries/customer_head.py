"""What stands at the top of each of a customer's pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers import ProposalStatus
from domain.people import Act, Actor
from persistence.tables import Customer, CustomerProposal, CustomerRating


@dataclass(frozen=True, slots=True)
class CustomerHead:
    """Who it is, whether the bank lends to it, how it is rated, and what waits."""

    id: UUID
    name: str
    scheme: str
    registration_number: str
    standing: str
    standing_since: datetime | None
    grade: str | None
    open_proposals: int


async def customer_head(
    session: AsyncSession, actor: Actor, customer_id: UUID
) -> CustomerHead | None:
    """The head of a customer's pages; None where there is none or it is not this reader's."""
    customer = await session.get(Customer, customer_id)
    if customer is None or not actor.may(Act.READ_CUSTOMERS):
        return None
    return CustomerHead(
        id=customer.id,
        name=customer.name,
        scheme=customer.scheme,
        registration_number=customer.registration_number,
        standing=customer.standing,
        standing_since=customer.standing_since,
        grade=await _grade(session, customer_id),
        open_proposals=await _waiting(session, customer_id),
    )


async def _grade(session: AsyncSession, customer_id: UUID) -> str | None:
    statement = select(col(CustomerRating.grade)).where(
        col(CustomerRating.customer_id) == customer_id,
        col(CustomerRating.superseded_at).is_(None),
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def _waiting(session: AsyncSession, customer_id: UUID) -> int:
    counting = select(func.count()).where(
        col(CustomerProposal.customer_id) == customer_id,
        col(CustomerProposal.status) == ProposalStatus.OPEN,
    )
    return (await session.execute(counting)).scalar_one()
