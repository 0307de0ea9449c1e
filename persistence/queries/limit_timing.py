"""What of a customer decides when to ask for a limit, more of it, or its renewal."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.financials.statement import FinancialStatement
from domain.limits.timing import Advice, TimingFacts, high_since, timing
from persistence.clock import business_clock
from persistence.queries.limit_ground import statements_at_hand, terms_in_force
from persistence.queries.limits import LimitTree
from persistence.tables import (
    Alert,
    AuditEvent,
    DecisionRow,
    Incident,
    LimitNode,
    LimitUse,
    Loan,
    NoteStatus,
)

_STEPS = {"limit.reserved": 1, "limit.raised": 1, "limit.released": -1, "limit.repaid": -1}


async def timing_advice(
    session: AsyncSession, customer_id: UUID, tree: LimitTree, today: date
) -> tuple[Advice, ...]:
    """The earliest sensible day for each act, by the table in force."""
    terms = (await terms_in_force(session, today)).timing
    own = tree.own
    since = None
    if own is not None:
        steps = await _steps(session, customer_id)
        since = high_since(own.used, own.amount * terms.use_share_min, steps)
    statements = await statements_at_hand(session, customer_id)
    facts = TimingFacts(
        today=today,
        audited_years=_audited(statements),
        last_decision_on=await _last_decision(session, customer_id),
        in_arrears=await _in_arrears(session, customer_id),
        arrears_cured_on=await _arrears_cured(session, customer_id),
        use_high_since_on=since,
        alert_open=await _alert_open(session, customer_id),
        alert_closed_on=await _alert_closed(session, customer_id),
        limit_expires_on=own.valid_to_on if own is not None else None,
    )
    return timing(facts, terms)


def _audited(statements: tuple[FinancialStatement, ...]) -> tuple[int, ...]:
    return tuple(each.year for each in statements if each.audited)


async def _steps(session: AsyncSession, customer_id: UUID) -> list[tuple[date, Decimal]]:
    """By what the use of the customer's limit moved, newest first, from the audit chain."""
    mine = select(col(Loan.id)).where(col(Loan.customer_id) == customer_id)
    chain = select(col(AuditEvent.at), col(AuditEvent.action), col(AuditEvent.data)).where(
        col(AuditEvent.loan_id).in_(mine), col(AuditEvent.action).in_(list(_STEPS))
    )
    moved: list[tuple[datetime, Decimal]] = [
        (at, _STEPS[action] * _amount(data))
        for at, action, data in (await session.execute(chain)).all()
    ]
    taken = select(LimitUse).where(
        col(LimitUse.customer_id) == customer_id,
        col(LimitUse.evidence).contains({"taken_over": True}),
    )
    rows = (await session.execute(taken)).scalars()
    moved += [(use.reserved_at, use.amount) for use in rows]
    clock = await business_clock(session)
    return [(clock.business_date(at), step) for at, step in sorted(moved, reverse=True)]


def _amount(data: dict[str, Any]) -> Decimal:
    return Decimal(str(data.get("amount", "0")))


async def _last_decision(session: AsyncSession, customer_id: UUID) -> date | None:
    """The newest verdict on a loan of the customer, or the day a limit was set."""
    decided = (
        select(func.max(col(DecisionRow.decided_at)))
        .join(Loan, col(Loan.id) == col(DecisionRow.loan_id))
        .where(col(Loan.customer_id) == customer_id)
    )
    limit_set = select(func.max(col(LimitNode.set_at))).where(
        col(LimitNode.customer_id) == customer_id
    )
    instants = [(await session.execute(each)).scalar_one() for each in (decided, limit_set)]
    newest: datetime | None = max((at for at in instants if at is not None), default=None)
    return None if newest is None else (await business_clock(session)).business_date(newest)


async def _in_arrears(session: AsyncSession, customer_id: UUID) -> bool:
    late = select(col(NoteStatus.loan_id)).where(
        col(NoteStatus.customer_id) == customer_id, col(NoteStatus.days_past_due) > 0
    )
    if (await session.execute(late.limit(1))).first() is not None:
        return True
    noted = select(col(Loan.id)).where(
        col(Loan.customer_id) == customer_id, col(Loan.arrears_noted) > 0
    )
    return (await session.execute(noted.limit(1))).first() is not None


async def _arrears_cured(session: AsyncSession, customer_id: UUID) -> date | None:
    cured = (
        select(func.max(col(Incident.closed_at)))
        .join(Loan, col(Loan.id) == col(Incident.loan_id))
        .where(col(Loan.customer_id) == customer_id, col(Incident.kind) == "arrears")
    )
    at: datetime | None = (await session.execute(cured)).scalar_one()
    return None if at is None else (await business_clock(session)).business_date(at)


async def _alert_open(session: AsyncSession, customer_id: UUID) -> bool:
    still = select(col(Alert.id)).where(
        col(Alert.customer_id) == customer_id, col(Alert.closed_at).is_(None)
    )
    return (await session.execute(still.limit(1))).first() is not None


async def _alert_closed(session: AsyncSession, customer_id: UUID) -> date | None:
    newest = select(func.max(col(Alert.closed_at))).where(col(Alert.customer_id) == customer_id)
    at: datetime | None = (await session.execute(newest)).scalar_one()
    return None if at is None else (await business_clock(session)).business_date(at)
