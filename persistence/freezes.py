"""Frozen commitments: what is agreed and undrawn stays undrawn while a cause stands.

A freeze needs no lock of the customer: whoever asked for money before it was written is stopped
when the release is judged again.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid5

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.violations import LoanRuleViolation
from persistence.audit import record
from persistence.tables import Loan, UndrawnFreeze


async def freeze_undrawn(
    session: AsyncSession,
    customer_id: UUID,
    cause: str,
    at: datetime,
    *,
    loan_id: UUID | None = None,
    amount: Decimal | None = None,
) -> None:
    """Freeze what is undrawn of a loan, of all the customer's loans, or an amount of one loan.

    The same cause freezes once.
    """
    row = {
        "id": uuid5(loan_id or customer_id, f"freeze:{cause}"),
        "customer_id": customer_id,
        "loan_id": loan_id,
        "amount": amount,
        "cause": cause,
        "frozen_at": at,
    }
    await session.execute(insert(UndrawnFreeze).values(row).on_conflict_do_nothing())
    record(
        session,
        "undrawn.frozen",
        at,
        loan_id=loan_id,
        subject=None if loan_id else str(customer_id),
        cause=cause,
        amount=amount,
    )


async def lift_freeze(session: AsyncSession, customer_id: UUID, cause: str, at: datetime) -> None:
    """End the freezes of one cause."""
    statement = update(UndrawnFreeze).where(
        col(UndrawnFreeze.customer_id) == customer_id,
        col(UndrawnFreeze.cause) == cause,
        col(UndrawnFreeze.lifted_at).is_(None),
    )
    done = await session.execute(statement.values(lifted_at=at).returning(col(UndrawnFreeze.id)))
    if done.first() is not None:
        record(session, "undrawn.released", at, subject=str(customer_id), cause=cause)


async def lift_freezes_of_loan(session: AsyncSession, loan_id: UUID, at: datetime) -> None:
    """End a loan's own freezes; those of the whole customer stand while their cause does."""
    statement = update(UndrawnFreeze).where(
        col(UndrawnFreeze.loan_id) == loan_id,
        col(UndrawnFreeze.amount).is_(None),
        col(UndrawnFreeze.lifted_at).is_(None),
    )
    await session.execute(statement.values(lifted_at=at))
    record(session, "undrawn.released", at, loan_id=loan_id)


async def is_frozen(session: AsyncSession, customer_id: UUID, loan_id: UUID) -> bool:
    """Whether nothing more of a loan may be drawn."""
    standing = select(col(UndrawnFreeze.id)).where(
        col(UndrawnFreeze.customer_id) == customer_id,
        or_(col(UndrawnFreeze.loan_id).is_(None), col(UndrawnFreeze.loan_id) == loan_id),
        col(UndrawnFreeze.amount).is_(None),
        col(UndrawnFreeze.lifted_at).is_(None),
    )
    return (await session.execute(standing.limit(1))).first() is not None


async def refuse_frozen(session: AsyncSession, loan: Loan) -> None:
    """Refuse more money of a frozen commitment. Violation: `drawdown.frozen`."""
    if await is_frozen(session, loan.customer_id, loan.id):
        raise LoanRuleViolation("drawdown.frozen")


async def cut_of(session: AsyncSession, loan_id: UUID) -> Decimal:
    """How much of a loan's agreed sum was withdrawn. Unit: the loan's currency."""
    total = select(func.coalesce(func.sum(col(UndrawnFreeze.amount)), 0)).where(
        col(UndrawnFreeze.loan_id) == loan_id, col(UndrawnFreeze.lifted_at).is_(None)
    )
    return Decimal((await session.execute(total)).scalar_one() or 0)
