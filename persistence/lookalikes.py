"""Customers whose names look alike, and whether a person has said that the firms differ."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers.dossier.sections import LOOKALIKES
from domain.customers.lookalike import skeleton
from persistence.tables import Customer, DossierEntry

SHOWN_MAX = 20
DIFFERENT = "different_firms"


@dataclass(frozen=True, slots=True)
class Lookalike:
    """Another customer whose name looks the same."""

    id: UUID
    name: str
    registration_number: str


async def lookalikes_of_name(session: AsyncSession, name: str) -> tuple[Lookalike, ...]:
    """The customers a name looks like, oldest first."""
    return await _named(session, skeleton(name))


async def lookalikes_of(session: AsyncSession, customer_id: UUID) -> tuple[Lookalike, ...]:
    """The customers that look like this one and of whom nobody has said that they differ.

    A disposition on either of two dossiers holds for both.
    """
    customer = await session.get_one(Customer, customer_id)
    if customer.skeleton is None:
        return ()
    alike = await _named(session, customer.skeleton, but=customer_id)
    settled = await _settled(session, customer_id)
    return tuple(one for one in alike if one.id not in settled)


async def _named(
    session: AsyncSession, folded: str, but: UUID | None = None
) -> tuple[Lookalike, ...]:
    statement = select(
        col(Customer.id), col(Customer.name), col(Customer.registration_number)
    ).where(col(Customer.skeleton) == folded)
    if but is not None:
        statement = statement.where(col(Customer.id) != but)
    ordered = statement.order_by(col(Customer.opened_at), col(Customer.id)).limit(SHOWN_MAX)
    return tuple(Lookalike(*row) for row in (await session.execute(ordered)).all())


async def _settled(session: AsyncSession, customer_id: UUID) -> set[UUID]:
    other = col(DossierEntry.data)["other_customer"].astext
    statement = select(col(DossierEntry.customer_id), other).where(
        col(DossierEntry.section) == LOOKALIKES,
        col(DossierEntry.known_to).is_(None),
        col(DossierEntry.data)["lookalike_verdict"].astext == DIFFERENT,
        or_(col(DossierEntry.customer_id) == customer_id, other == str(customer_id)),
    )
    rows = (await session.execute(statement)).all()
    return {UUID(row[1]) if row[0] == customer_id else row[0] for row in rows}
