"""Who looks after a customer."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.people import Role
from persistence.tables import Customer, Loan, Staff


async def manager_of(session: AsyncSession, customer_id: UUID) -> UUID | None:
    """The customer manager of the newest case, else whoever opened the dossier.

    None where that person left or is no customer manager any more: then it is the role's.
    """
    newest = (
        select(col(Loan.officer_id))
        .where(col(Loan.customer_id) == customer_id)
        .order_by(col(Loan.submitted_at).desc())
        .limit(1)
    )
    found = (await session.execute(newest)).scalar_one_or_none()
    if found is None:
        customer = await session.get(Customer, customer_id)
        found = customer.opened_by if customer else None
    staff = await session.get(Staff, found) if found else None
    manages = staff is not None and staff.active and Role.CUSTOMER_MANAGER in staff.roles
    return staff.id if staff is not None and manages else None
