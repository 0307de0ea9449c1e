"""Whether one case is a person's to see."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.people import Actor
from persistence.queries.visibility import visible_to
from persistence.tables import Loan


async def may_see_case(session: AsyncSession, actor: Actor, loan_id: UUID) -> bool:
    """False for another's case and for one that does not exist alike."""
    statement = select(col(Loan.id)).where(col(Loan.id) == loan_id, visible_to(actor))
    return (await session.execute(statement)).first() is not None
