"""An approved fixing brought to every loan that follows its index, a few loans at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.people import Actor
from domain.process import CaseStatus
from domain.rates import Fixing
from domain.violations import LoanRuleViolation
from persistence.engine import Database
from persistence.incidents import open_incident
from persistence.rates import FixingStatus, fixings_of, floating_of, reprice_loan
from persistence.stages import locked_loan
from persistence.tables import Contract, Loan, RateFixing

LOANS_A_STEP = 10


@dataclass(frozen=True, slots=True)
class Repriced:
    """How far one step came: the last loan looked at, None when there are no more."""

    after: UUID | None
    loans: int


async def reprice_some(
    database: Database, fixing_id: UUID, after: UUID | None, at: datetime
) -> Repriced:
    """Reprice the next few live loans of an approved fixing's index, each by itself.

    A loan that has taken the fixing already is left alone, so a step may be made again. One that
    cannot take it is somebody's case and keeps no other loan waiting.
    Violation: `rate.unknown_fixing`.
    """
    async with database.reading() as session:
        row = await session.get(RateFixing, fixing_id)
        if row is None or row.status != FixingStatus.APPROVED:
            raise LoanRuleViolation("rate.unknown_fixing")
        followers = await floating_loans(session, row.index_code, after, LOANS_A_STEP)
        fixings = await fixings_of(session)
    actor = Actor(str(row.decided_by), ()) if row.decided_by else None
    done = [await _repriced(database, loan.id, fixings, at, actor) for loan in followers]
    last = followers[-1].id if len(followers) == LOANS_A_STEP else None
    return Repriced(last, sum(done))


async def floating_loans(
    session: AsyncSession, index: str, after: UUID | None = None, most: int | None = None
) -> Sequence[Loan]:
    """The live, drawn loans whose contract follows an index, in a lasting order."""
    statement = select(Loan).join(Contract, col(Contract.loan_id) == col(Loan.id))
    statement = statement.where(*follows(index)).order_by(col(Loan.id))
    if after is not None:
        statement = statement.where(col(Loan.id) > after)
    return (await session.execute(statement.limit(most))).scalars().all()


async def count_followers(session: AsyncSession, index: str) -> int:
    """How many live, drawn loans follow an index."""
    statement = select(func.count()).select_from(Loan)
    statement = statement.join(Contract, col(Contract.loan_id) == col(Loan.id))
    counted: int = (await session.execute(statement.where(*follows(index)))).scalar_one()
    return counted


def follows(index: str) -> tuple[ColumnElement[bool], ...]:
    """The conditions on loan and contract: live, drawn, and tied to an index.

    Written as the database's own index has them, so that it is used.
    """
    return (
        col(Loan.status) == CaseStatus.ACTIVE,
        col(Loan.drawn_on).is_not(None),
        literal_column("(contract.terms -> 'floating')").is_not(None),
        literal_column("(contract.terms -> 'floating' ->> 'index')") == index,
    )


async def _repriced(
    database: Database,
    loan_id: UUID,
    fixings: Sequence[Fixing],
    at: datetime,
    actor: Actor | None,
) -> bool:
    try:
        async with database.transaction() as session:
            loan = await locked_loan(session, loan_id)
            floating = await floating_of(session, loan_id)
            if floating is None:
                return False
            return await reprice_loan(session, loan, floating, fixings, at, actor)
    except LoanRuleViolation as refused:
        async with database.transaction() as session:
            key, code = f"repricing:{loan_id}", refused.code
            await open_incident(session, key, "rate_not_taken", at, loan_id, code=code)
        return False
