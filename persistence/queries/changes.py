"""Changes of loans as people read them: what they do, who said what, what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.changes import Change, ChangeKind, ChangeStatus
from domain.changes.change import QUORUMS
from domain.people import Actor
from domain.violations import LoanRuleViolation
from persistence.changes import ShownChange, change_of, preview_change
from persistence.queries.visibility import visible_to
from persistence.tables import ChangeApproval, ChangeRequest, Loan, Staff


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A proposed change in a list."""

    id: UUID
    loan_id: UUID
    case_number: str
    kind: str
    effective_on: date
    status: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    lapses_at: datetime
    approvals: int
    quorum: int
    comment: str | None


async def changes_of(
    session: AsyncSession,
    actor: Actor,
    now: datetime,
    loan_id: UUID | None = None,
    *,
    waiting: bool = False,
) -> tuple[ChangeView, ...]:
    """Changes the actor may see, newest first; of one loan, or only those that wait."""
    counted = (
        select(func.count())
        .where(
            col(ChangeApproval.change_id) == col(ChangeRequest.id),
            col(ChangeApproval.account_version) >= col(ChangeRequest.account_version),
        )
        .scalar_subquery()
    )
    statement = (
        select(ChangeRequest, col(Loan.case_number), col(Staff.username), counted)
        .join(Loan, col(Loan.id) == col(ChangeRequest.loan_id))
        .join(Staff, col(Staff.id) == col(ChangeRequest.proposed_by))
        .where(visible_to(actor))
        .order_by(col(ChangeRequest.proposed_at).desc())
        .limit(200)
    )
    if loan_id is not None:
        statement = statement.where(col(ChangeRequest.loan_id) == loan_id)
    if waiting:
        statement = statement.where(
            col(ChangeRequest.status) == ChangeStatus.PROPOSED, col(ChangeRequest.lapses_at) > now
        )
    rows = (await session.execute(statement)).all()
    return tuple(_view(row[0], row[1], row[2], row[3], now) for row in rows)


async def shown_change(
    session: AsyncSession, loan_id: UUID, change: Change, now: datetime
) -> ShownChange:
    """What a change would do today. Violations: `case.unknown` and those of the change."""
    loan = await session.get(Loan, loan_id)
    if loan is None:
        raise LoanRuleViolation("case.unknown")
    return await preview_change(session, loan, change, now)


async def proposed_change(session: AsyncSession, loan_id: UUID, change_id: UUID) -> Change | None:
    """The change behind a proposal of a loan."""
    row = await session.get(ChangeRequest, change_id)
    return change_of(row) if row is not None and row.loan_id == loan_id else None


def _view(
    row: ChangeRequest, case_number: str, username: str, approvals: int, now: datetime
) -> ChangeView:
    lapsed = row.status == ChangeStatus.PROPOSED and row.lapses_at <= now
    return ChangeView(
        id=row.id,
        loan_id=row.loan_id,
        case_number=case_number,
        kind=row.kind,
        effective_on=row.effective_on,
        status=ChangeStatus.LAPSED if lapsed else row.status,
        reason=row.reason,
        proposed_by=username,
        proposed_at=row.proposed_at,
        lapses_at=row.lapses_at,
        approvals=approvals,
        quorum=QUORUMS[ChangeKind(row.kind)],
        comment=row.comment,
    )
