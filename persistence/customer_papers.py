"""What of a customer needs no asking: the bank's own history, an audit report, an opinion."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers.verification import AUDITOR, INTERNAL, LAWYER
from domain.verification import SourceFacts, SourceStatus
from persistence.clock import business_date
from persistence.customer_declared import APPLICATION, ORIGIN, YEAR
from persistence.queries.customer_statements import statements_of
from persistence.tables import CustomerOpinion, Instalment, Loan

_AUDITED = ("revenue", "net_profit", "total_assets", "equity", "tax")
Declared = Mapping[str, str]


async def own_reports(
    session: AsyncSession, customer_id: UUID, declared: Declared, at: datetime
) -> list[SourceFacts]:
    """The bank's own history and the papers it has, each as a source."""
    papers = (
        await _audit(session, customer_id, declared),
        await _paper(session, customer_id, LAWYER),
    )
    return [await _internal(session, customer_id, at), *(paper for paper in papers if paper)]


async def _audit(
    session: AsyncSession, customer_id: UUID, declared: Declared
) -> SourceFacts | None:
    """The newest audit report entered, else the audited statements of the year declared.

    A report of another year than the declared figures says nothing of them. Figures declared by
    these very statements are not held against themselves.
    """
    report = await _paper(session, customer_id, AUDITOR)
    if report is not None:
        year, stated = declared.get(YEAR), report.facts.get(YEAR)
        same = year is None or stated is None or year == stated
        return report if same else SourceFacts(AUDITOR, report.status, report.as_of)
    if declared.get(ORIGIN) != APPLICATION:
        return None
    for statement in await statements_of(session, customer_id, None):
        if statement.audited and str(statement.year) == declared.get(YEAR):
            facts = {name: _spelt(statement.line(name)) for name in _AUDITED}
            as_of = statement.ended_on or date(statement.year, 12, 31)
            return SourceFacts(AUDITOR, SourceStatus.ANSWERED, as_of, facts)
    return None


def _spelt(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


async def _internal(session: AsyncSession, customer_id: UUID, at: datetime) -> SourceFacts:
    """The bank's own history: how many loans it has drawn, and how late it is with them."""
    today = await business_date(session, at)
    drawn = select(col(Loan.id)).where(
        col(Loan.customer_id) == customer_id, col(Loan.drawn_on).is_not(None)
    )
    loans = (await session.execute(select(func.count()).select_from(drawn.subquery()))).scalar_one()
    oldest_unpaid = select(func.min(col(Instalment.due_on))).where(
        col(Instalment.loan_id).in_(drawn),
        col(Instalment.paid_on).is_(None),
        col(Instalment.due_on) < today,
    )
    due_on = (await session.execute(oldest_unpaid)).scalar_one()
    facts = {
        "days_past_due_here": str((today - due_on).days if due_on else 0),
        "loans_here": str(loans),
    }
    return SourceFacts(INTERNAL, SourceStatus.ANSWERED, today, facts)


async def _paper(session: AsyncSession, customer_id: UUID, kind: str) -> SourceFacts | None:
    """The newest audit report or lawyer's opinion; None where there is none."""
    statement = (
        select(CustomerOpinion)
        .where(col(CustomerOpinion.customer_id) == customer_id, col(CustomerOpinion.kind) == kind)
        .order_by(col(CustomerOpinion.issued_on).desc(), col(CustomerOpinion.known_from).desc())
        .limit(1)
    )
    row = (await session.execute(statement)).scalar_one_or_none()
    if row is None:
        return None
    return SourceFacts(kind, SourceStatus.ANSWERED, row.issued_on, row.facts)
