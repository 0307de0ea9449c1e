"""Changes of loans as people read them: what they do, who said what, what waits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from domain.changes import Change, ChangeKind, ChangeStatus
from domain.changes.change import QUORUMS, approvers_of
from domain.people import Act, Actor
from domain.violations import LoanRuleViolation
from persistence.changes import ShownChange, change_of, preview_change, standing_change
from persistence.queries.names import BilingualName, bilingual
from persistence.queries.visibility import visible_to
from persistence.tables import ChangeApproval, ChangeRequest, Customer, Loan, Staff


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A proposed change in a list. `is_mine`: the reader proposed it, under whichever account."""

    id: UUID
    loan_id: UUID
    case_number: str
    customer_name: str
    kind: str
    effective_on: date
    status: str
    reason: str
    proposed_by: str
    proposer: BilingualName
    is_mine: bool
    proposed_at: datetime
    lapses_at: datetime
    approvals: int
    quorum: int
    comment: str | None
    decider: BilingualName | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """One person's approval and the account it was given on, as a number of events."""

    name: BilingualName
    approved_at: datetime
    account_version: int
    is_mine: bool


async def changes_of(
    session: AsyncSession,
    actor: Actor,
    now: datetime,
    loan_id: UUID | None = None,
    *,
    waiting: bool = False,
) -> tuple[ChangeView, ...]:
    """Changes the actor may see, newest first; of one loan, or only those that wait."""
    statement = _changes(actor).order_by(col(ChangeRequest.proposed_at).desc()).limit(200)
    if loan_id is not None:
        statement = statement.where(col(ChangeRequest.loan_id) == loan_id)
    if waiting:
        statement = statement.where(
            col(ChangeRequest.status) == ChangeStatus.PROPOSED, col(ChangeRequest.lapses_at) > now
        )
    rows = (await session.execute(statement)).all()
    me = await _person_of(session, actor)
    return tuple(_view(row, me, now) for row in rows)


async def changes_to_decide(
    session: AsyncSession, actor: Actor, now: datetime
) -> tuple[ChangeView, ...]:
    """What waits for this person: kinds their roles approve, proposed by others, oldest first."""
    if not actor.may(Act.APPROVE_CHANGE):
        return ()
    waiting = await changes_of(session, actor, now, waiting=True)
    kinds = {kind for kind in ChangeKind if set(approvers_of(kind)) & set(actor.roles)}
    mine = (view for view in waiting if view.kind in kinds and not view.is_mine)
    return tuple(sorted(mine, key=lambda view: view.proposed_at))


async def change_named(
    session: AsyncSession, actor: Actor, now: datetime, loan_id: UUID, change_id: UUID
) -> ChangeView | None:
    """One change of a loan; None where this reader has no such change."""
    mine = col(ChangeRequest.id) == change_id, col(ChangeRequest.loan_id) == loan_id
    row = (await session.execute(_changes(actor).where(*mine))).one_or_none()
    return None if row is None else _view(row, await _person_of(session, actor), now)


async def approvals_of(
    session: AsyncSession, actor: Actor, change_id: UUID
) -> tuple[ApprovalView, ...]:
    """Who has approved a change so far, in order."""
    statement = (
        select(ChangeApproval, col(Staff.name_zh), col(Staff.name_en))
        .join(Staff, col(Staff.id) == col(ChangeApproval.staff_id))
        .where(col(ChangeApproval.change_id) == change_id)
        .order_by(col(ChangeApproval.approved_at))
    )
    me = await _person_of(session, actor)
    return tuple(
        ApprovalView(
            BilingualName(zh, en), row.approved_at, row.account_version, row.person_id == me
        )
        for row, zh, en in (await session.execute(statement)).tuples()
    )


def _changes(actor: Actor) -> Select[*tuple[Any, ...]]:
    proposer: Any = aliased(Staff)
    decider: Any = aliased(Staff)
    counted = (
        select(func.count())
        .where(
            col(ChangeApproval.change_id) == col(ChangeRequest.id),
            col(ChangeApproval.account_version) >= col(ChangeRequest.account_version),
        )
        .scalar_subquery()
    )
    return (
        select(
            ChangeRequest,
            col(Loan.case_number).label("case_number"),
            col(Customer.name).label("customer_name"),
            proposer.username.label("username"),
            proposer.name_zh.label("proposer_zh"),
            proposer.name_en.label("proposer_en"),
            decider.name_zh.label("decider_zh"),
            decider.name_en.label("decider_en"),
            counted.label("approvals"),
        )
        .join(Loan, col(Loan.id) == col(ChangeRequest.loan_id))
        .join(Customer, col(Customer.id) == col(Loan.customer_id))
        .join(proposer, proposer.id == col(ChangeRequest.proposed_by))
        .outerjoin(decider, decider.id == col(ChangeRequest.decided_by))
        .where(visible_to(actor))
    )


async def _person_of(session: AsyncSession, actor: Actor) -> UUID | None:
    """The person behind an account: four eyes count persons, not accounts."""
    staff = await session.get(Staff, UUID(actor.staff_id))
    return staff.person_id if staff else None


async def shown_change(
    session: AsyncSession, loan_id: UUID, change: Change, now: datetime
) -> ShownChange:
    """What a change would do today. Violations: `case.unknown` and those of the change."""
    loan = await session.get(Loan, loan_id)
    if loan is None:
        raise LoanRuleViolation("case.unknown")
    return await preview_change(session, loan, change, now)


async def proposed_change(
    session: AsyncSession, loan_id: UUID, change_id: UUID, now: datetime
) -> Change | None:
    """The change behind a proposal of a loan: an open one as it would count now."""
    row = await session.get(ChangeRequest, change_id)
    if row is None or row.loan_id != loan_id:
        return None
    change = change_of(row)
    if row.status == ChangeStatus.PROPOSED:
        return await standing_change(session, change, now)
    return replace(change, effective_on=row.effective_on)


def _view(row: Row[*tuple[Any, ...]], me: UUID | None, now: datetime) -> ChangeView:
    asked: ChangeRequest = row.ChangeRequest
    lapsed = asked.status == ChangeStatus.PROPOSED and asked.lapses_at <= now
    return ChangeView(
        id=asked.id,
        loan_id=asked.loan_id,
        case_number=row.case_number,
        customer_name=row.customer_name,
        kind=asked.kind,
        effective_on=asked.effective_on,
        status=ChangeStatus.LAPSED if lapsed else asked.status,
        reason=asked.reason,
        proposed_by=row.username,
        proposer=BilingualName(row.proposer_zh, row.proposer_en),
        is_mine=asked.proposer_person_id == me,
        proposed_at=asked.proposed_at,
        lapses_at=asked.lapses_at,
        approvals=row.approvals,
        quorum=QUORUMS[ChangeKind(asked.kind)],
        comment=asked.comment,
        decider=bilingual(row.decider_zh, row.decider_en),
        decided_at=asked.decided_at,
    )
