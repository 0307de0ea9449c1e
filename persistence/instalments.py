"""The lines of a schedule, between their rows and the arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.repayments import InstalmentState
from persistence.tables import Instalment

_OWED = ("principal", "interest", "fee", "penalty_accrued", "compound_accrued")
_PAID = ("principal_paid", "interest_paid", "fee_paid", "penalty_paid", "compound_paid")


async def instalments_of(session: AsyncSession, loan_id: UUID) -> list[Instalment]:
    """The schedule of a loan, in order."""
    statement = (
        select(Instalment).where(col(Instalment.loan_id) == loan_id).order_by(col(Instalment.n))
    )
    return list((await session.execute(statement)).scalars())


async def lines_to_watch(session: AsyncSession, loan_id: UUID) -> Sequence[Any]:
    """The lines that anything is owed on or that are still to be billed, in order, to read only."""
    owed = sum((col(getattr(Instalment, name)) for name in _OWED), literal(0))
    paid = sum((col(getattr(Instalment, name)) for name in _PAID), literal(0))
    statement = (
        select(Instalment.__table__)  # type: ignore[attr-defined] # SQLModel gives each its table
        .where(
            col(Instalment.loan_id) == loan_id,
            or_(owed > paid, col(Instalment.billed_at).is_(None)),
        )
        .order_by(col(Instalment.n))
    )
    rows: Sequence[Any] = (await session.execute(statement)).all()
    return rows


def state_of(row: Any) -> InstalmentState:
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
