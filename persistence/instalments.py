"""The lines of a schedule, between their rows and the arithmetic."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.repayments import InstalmentState
from persistence.tables import Instalment


async def instalments_of(session: AsyncSession, loan_id: UUID) -> list[Instalment]:
    """The schedule of a loan, in order."""
    statement = (
        select(Instalment).where(col(Instalment.loan_id) == loan_id).order_by(col(Instalment.n))
    )
    return list((await session.execute(statement)).scalars())


def state_of(row: Instalment) -> InstalmentState:
    """A row as the arithmetic sees it."""
    return InstalmentState(
        n=row.n,
        due_on=row.due_on,
        principal=row.principal,
        interest=row.interest,
        principal_paid=row.principal_paid,
        interest_paid=row.interest_paid,
        penalty_paid=row.penalty_paid,
        compound_paid=row.compound_paid,
        penalty_accrued=row.penalty_accrued,
        compound_accrued=row.compound_accrued,
        accrued_to_on=row.accrued_to_on,
        penalty_residual=row.penalty_residual,
        compound_residual=row.compound_residual,
        fee=row.fee,
        fee_paid=row.fee_paid,
    )
