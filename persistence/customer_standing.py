"""Stopping to lend to a customer (停贷), locking it (锁定), and letting it go again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers import LendingStanding, refuse_lending
from domain.process import CaseStatus
from domain.violations import LoanRuleViolation
from persistence.audit import record
from persistence.customer_proposals import Effect, Proposed
from persistence.tables import Customer, Loan


async def lending_standing(session: AsyncSession, customer_id: UUID) -> LendingStanding:
    """How a customer stands, as of the end of this transaction.

    Share-locks the customer, so that a lock decided meanwhile comes before or after, never
    between.
    """
    standing = select(col(Customer.standing)).where(col(Customer.id) == customer_id)
    found = (await session.execute(standing.with_for_update(read=True))).scalar_one_or_none()
    return LendingStanding(found or LendingStanding.OPEN)


async def refuse_unlent(session: AsyncSession, customer_id: UUID) -> None:
    """Refuse what would lend more to a customer the bank does not lend to.

    Violations: `customer.stopped`, `customer.locked`.
    """
    refuse_lending(await lending_standing(session, customer_id))


async def unlent_reason(session: AsyncSession, customer_id: UUID) -> str | None:
    """The code of the rule that keeps the bank from lending to a customer, or None."""
    try:
        await refuse_unlent(session, customer_id)
    except LoanRuleViolation as refused:
        return refused.code
    return None


async def standing_of_borrower(session: AsyncSession, loan_id: UUID) -> LendingStanding:
    """How the borrower of a loan stands now, without any lock; open where there is no case yet."""
    statement = (
        select(col(Customer.standing))
        .join(Loan, col(Loan.customer_id) == col(Customer.id))
        .where(col(Loan.id) == loan_id)
    )
    found = (await session.execute(statement)).scalar_one_or_none()
    return LendingStanding(found or LendingStanding.OPEN)


def _changes_to(standing: LendingStanding) -> Effect:
    async def check(session: AsyncSession, proposed: Proposed, _at: datetime) -> None:
        customer = await session.get_one(Customer, proposed.customer_id)
        if customer.standing == standing:
            raise LoanRuleViolation("customer.standing_already")

    async def apply(session: AsyncSession, proposed: Proposed, at: datetime) -> tuple[UUID, ...]:
        customer = await session.get_one(Customer, proposed.customer_id)
        await check(session, proposed, at)
        customer.standing, customer.standing_since = standing, at
        record(
            session,
            f"customer.{standing.value}",
            at,
            subject=str(customer.id),
            proposal=proposed.id,
            reason=proposed.reason,
        )
        return await _open_loans(session, customer.id)

    return Effect(check, apply)


async def _open_loans(session: AsyncSession, customer_id: UUID) -> tuple[UUID, ...]:
    statement = select(col(Loan.id)).where(
        col(Loan.customer_id) == customer_id, col(Loan.status) == CaseStatus.ACTIVE
    )
    return tuple((await session.execute(statement.order_by(col(Loan.id)))).scalars())


STOP_LENDING = _changes_to(LendingStanding.STOPPED)
LOCK = _changes_to(LendingStanding.LOCKED)
UNLOCK = _changes_to(LendingStanding.OPEN)
