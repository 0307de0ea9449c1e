"""How a customer's loans stand, as the deterioration ladder needs to know it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.accounts import Account
from domain.process import CaseStatus
from domain.watch.ladder import LoanStanding, MeasureKind
from persistence.accounts import account_on
from persistence.clock import business_date
from persistence.commitments import commitment_of
from persistence.freezes import is_frozen
from persistence.tables import LadderMeasure, Loan

APPLIED = "applied"


@dataclass(frozen=True)
class LadderGround:
    """One running loan: its row, its account on the day, and what of it the ladder reads."""

    loan: Loan
    account: Account
    standing: LoanStanding
    today: date


async def grounds_of(
    session: AsyncSession, customer_id: UUID, at: datetime
) -> tuple[LadderGround, ...]:
    """Every drawn, running loan of a customer, in a lasting order."""
    statement = (
        select(Loan)
        .where(
            col(Loan.customer_id) == customer_id,
            col(Loan.status) == CaseStatus.ACTIVE,
            col(Loan.drawn_on).is_not(None),
        )
        .order_by(col(Loan.case_number))
    )
    loans = (await session.execute(statement)).scalars().all()
    return tuple([await ground_of(session, loan, at) for loan in loans])


async def ground_of(session: AsyncSession, loan: Loan, at: datetime) -> LadderGround:
    """One drawn loan's ground."""
    today = max(await business_date(session, at), loan.booked_to_on or date.min)
    account = await account_on(session, loan.id, today)
    commitment = await commitment_of(session, loan)
    standing = LoanStanding(
        outstanding=account.outstanding,
        undrawn=commitment.undrawn if commitment and commitment.is_open(today) else Decimal(0),
        instalments_left=sum(line.due_on > today for line in account.lines),
        is_accelerated=account.accelerated_on is not None,
        frozen=await is_frozen(session, loan.customer_id, loan.id),
        stepped_bp=await _stepped(session, loan.id),
    )
    return LadderGround(loan, account, standing, today)


async def _stepped(session: AsyncSession, loan_id: UUID) -> int:
    """Basis points that applied measures added and nobody has taken back."""
    statement = select(col(LadderMeasure.kind), col(LadderMeasure.terms)).where(
        col(LadderMeasure.loan_id) == loan_id,
        col(LadderMeasure.status) == APPLIED,
        col(LadderMeasure.kind).in_((MeasureKind.MARGIN_STEP, MeasureKind.MARGIN_BACK)),
    )
    signs = {MeasureKind.MARGIN_STEP.value: 1, MeasureKind.MARGIN_BACK.value: -1}
    rows = (await session.execute(statement)).all()
    return sum(signs[kind] * int(terms["bp"]) for kind, terms in rows)
