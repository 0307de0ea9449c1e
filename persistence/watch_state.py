"""How a customer stands that is watched: the colours of its open alerts."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.watch.signals import Colour
from persistence.tables import Alert


async def open_colours(session: AsyncSession, customer_id: UUID) -> frozenset[Colour]:
    """The colours of a customer's open alerts."""
    statement = (
        select(col(Alert.colour))
        .distinct()
        .where(col(Alert.customer_id) == customer_id, col(Alert.closed_at).is_(None))
    )
    return frozenset(map(Colour, (await session.execute(statement)).scalars()))
