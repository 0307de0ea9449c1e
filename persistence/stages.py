"""Moving a case along its road. One function moves; everything else asks it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.people import Actor, Hand
from domain.process import CaseStatus, Stage, WaitReason
from domain.violations import DutyViolation, LoanRuleViolation
from persistence.audit import record
from persistence.limits import release
from persistence.tables import HandRow, Loan, Staff, StageEntry


async def locked_loan(session: AsyncSession, loan_id: UUID) -> Loan:
    """The case's row, locked for this transaction.

    Raises LoanRuleViolation `case.unknown`.
    """
    loan = await session.get(Loan, loan_id, with_for_update=True)
    if loan is None:
        raise LoanRuleViolation("case.unknown")
    return loan


async def enter_stage(
    session: AsyncSession,
    loan: Loan,
    stage: Stage,
    wait_reason: WaitReason,
    at: datetime,
    version: int,
    deadline_at: datetime | None = None,
) -> None:
    """Put a case into a stage under the workflow's `version`; an older version changes nothing."""
    if loan.version >= version:
        return
    await leave_stage(session, loan.id, at)
    session.add(
        StageEntry(
            loan_id=loan.id,
            stage=stage,
            version=version,
            entered_at=at,
            deadline_at=deadline_at,
        )
    )
    loan.stage = stage
    loan.wait_reason = wait_reason
    loan.deadline_at = deadline_at
    loan.entered_at = at
    loan.version = version
    record(session, "stage.entered", at, loan_id=loan.id, subject=stage, version=version)


async def leave_stage(
    session: AsyncSession,
    loan_id: UUID,
    at: datetime,
    *,
    returned: bool = False,
    blocked: bool = False,
    overridden: bool = False,
) -> None:
    """Close the open stay of a case, saying how it went; what it was marked with stays."""
    flags = {"returned": returned, "blocked": blocked, "overridden": overridden}
    statement = (
        update(StageEntry)
        .where(col(StageEntry.loan_id) == loan_id, col(StageEntry.left_at).is_(None))
        .values(left_at=at, **{name: True for name, holds in flags.items() if holds})
    )
    await session.execute(statement)


async def mark_stage(session: AsyncSession, loan_id: UUID, **marks: bool | datetime | None) -> None:
    """Set marks (returned, blocked, overridden, deadline_at) on the open stay."""
    statement = (
        update(StageEntry)
        .where(col(StageEntry.loan_id) == loan_id, col(StageEntry.left_at).is_(None))
        .values(**marks)
    )
    await session.execute(statement)


async def move_stage_deadline(session: AsyncSession, loan: Loan, due_at: datetime | None) -> None:
    """Move the deadline of a case's open stay, on the case and on the stay alike."""
    loan.deadline_at = due_at
    await mark_stage(session, loan.id, deadline_at=due_at)


async def take_hand(
    session: AsyncSession,
    loan_id: UUID,
    actor: Actor,
    hand: Hand,
    at: datetime,
    allowed_roles: Sequence[str],
) -> Staff:
    """Let a person take one duty on a case, checked on locked rows.

    Raises DutyViolation `duty.role` when the person does not hold the role now, and
    `duty.second_hand` when this human being already holds another duty on the case, also through
    a second account.
    """
    staff = await take_role(session, actor, allowed_roles)
    held = await session.get(HandRow, (loan_id, staff.person_id))
    if held is not None and held.hand != hand:
        raise DutyViolation("duty.second_hand")
    if held is None:
        role = next(role for role in staff.roles if role in allowed_roles)
        session.add(
            HandRow(
                loan_id=loan_id,
                person_id=staff.person_id,
                staff_id=staff.id,
                hand=hand,
                role=role,
                taken_at=at,
            )
        )
    return staff


async def take_role(session: AsyncSession, actor: Actor, allowed_roles: Sequence[str]) -> Staff:
    """The person's row, share-locked, if they hold one of the roles at this moment.

    Raises DutyViolation `duty.role`.
    """
    staff = await session.get(Staff, UUID(actor.staff_id), with_for_update={"read": True})
    if staff is None or not staff.active or not set(staff.roles) & set(allowed_roles):
        raise DutyViolation("duty.role")
    return staff


async def end_case(
    session: AsyncSession,
    loan: Loan,
    status: CaseStatus,
    reason: str,
    at: datetime,
    version: int,
) -> None:
    """Close a case: no open stay, task or envelope is left behind."""
    if loan.version >= version:
        return
    blocked = status is not CaseStatus.SETTLED
    await release(session, loan, "case_ended", at)
    await leave_stage(session, loan.id, at, blocked=blocked)
    loan.status = status
    loan.wait_reason = WaitReason.NOTHING
    loan.deadline_at = None
    loan.closed_at = at
    loan.closed_reason = reason
    loan.version = version
    if status is CaseStatus.SETTLED:
        loan.stage = Stage.CLOSED
        session.add(
            StageEntry(
                loan_id=loan.id, stage=Stage.CLOSED, version=version, entered_at=at, left_at=at
            )
        )
    record(session, f"loan.{status}", at, loan_id=loan.id, reason=reason)
