"""Notes that run otherwise from a day on because of what was agreed or held for it before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from domain.process import CaseStatus
from domain.violations import LoanRuleViolation
from persistence.accounts import append_events
from persistence.engine import Database
from persistence.incidents import open_incident
from persistence.stages import locked_loan
from persistence.tables import LatenessRule, Loan


async def bring_forward(database: Database, opens_on: date, at: datetime) -> int:
    """Fold the notes whose agreed rate, pause or held money takes effect by a day; how many.

    Day end adds up how notes run; these run otherwise from here on, though nothing new happened.
    One that does not fold is somebody's case and keeps no other note waiting.
    """
    loans = await _changing_by(database, opens_on)
    for loan_id in loans:
        try:
            async with database.transaction() as session:
                loan = await locked_loan(session, loan_id)
                await append_events(session, loan, [], at, on=opens_on)
        except LoanRuleViolation as refused:
            async with database.transaction() as session:
                key = f"account_day:{loan_id}:{opens_on}"
                code = refused.code
                await open_incident(session, key, "account_differs", at, loan_id, code=code)
    return len(loans)


async def _changing_by(database: Database, opens_on: date) -> Sequence[UUID]:
    statement = (
        select(col(LatenessRule.loan_id))
        .join(Loan, col(Loan.id) == col(LatenessRule.loan_id))
        .where(col(LatenessRule.anew_on) <= opens_on, col(Loan.status) == CaseStatus.ACTIVE)
        .order_by(col(LatenessRule.loan_id))
    )
    async with database.reading() as session:
        return (await session.execute(statement)).scalars().all()
