"""Taking a task from the common list, and putting it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.people import Act, Actor, Hand
from domain.process import TaskKind
from domain.violations import DutyViolation, LoanRuleViolation
from persistence.audit import record
from persistence.stages import take_role
from persistence.tables import HandRow, Loan, Task

# Somebody outside the bank does these; the customer manager only follows them up.
SIGNATURES = frozenset({TaskKind.SIGN_AUTHORISATION.value, TaskKind.SIGN_CONTRACT.value})
HAND_OF_TASK: Mapping[str, str] = {
    TaskKind.REVIEW: Hand.REVIEWER,
    TaskKind.APPROVAL: Hand.APPROVER,
    TaskKind.SUPPLEMENT: Hand.CUSTOMER_MANAGER,
    TaskKind.RELEASE_REVIEW: Hand.RELEASE_REVIEWER,
    TaskKind.RELEASE_RECHECK: Hand.RELEASE_RECHECKER,
}


async def claim_task(session: AsyncSession, task_id: UUID, actor: Actor, now: datetime) -> UUID:
    """Take an open task of one's role; taking it twice is taking it once. Returns the loan.

    Violations: `task.unknown` (another's case too), `task.outside`, `task.closed`,
    `task.claimed`, `duty.role`, `duty.second_hand`.
    """
    task = await _visible_task(session, task_id, actor)
    if task.kind in SIGNATURES:
        raise LoanRuleViolation("task.outside")
    staff = await take_role(session, actor, (task.role,))
    held = await session.get(HandRow, (task.loan_id, staff.person_id))
    if held is not None and held.hand != HAND_OF_TASK.get(task.kind):
        raise DutyViolation("duty.second_hand")
    if task.closed_at is not None:
        raise LoanRuleViolation("task.closed")
    staff_id = UUID(actor.staff_id)
    if task.claimed_by not in (None, staff_id):
        raise LoanRuleViolation("task.claimed")
    if task.claimed_by is None:
        task.claimed_by = staff_id
        record(session, "task.claimed", now, loan_id=task.loan_id, actor=actor, subject=task.kind)
    return task.loan_id


async def put_back_task(session: AsyncSession, task_id: UUID, actor: Actor, now: datetime) -> UUID:
    """Give a claimed task back to the list. Violations: `task.unknown`, `task.not_yours`."""
    task = await _visible_task(session, task_id, actor)
    if task.claimed_by != UUID(actor.staff_id):
        raise LoanRuleViolation("task.not_yours")
    task.claimed_by = None
    record(session, "task.released", now, loan_id=task.loan_id, actor=actor, subject=task.kind)
    return task.loan_id


async def _visible_task(session: AsyncSession, task_id: UUID, actor: Actor) -> Task:
    task = await session.get(Task, task_id, with_for_update=True)
    loan = await session.get(Loan, task.loan_id) if task is not None else None
    if task is None or loan is None or not _may_see(loan, actor):
        raise LoanRuleViolation("task.unknown")
    return task


def _may_see(loan: Loan, actor: Actor) -> bool:
    if actor.may(Act.READ_ALL_CASES):
        return True
    return actor.may(Act.READ_OWN_CASES) and loan.officer_id == UUID(actor.staff_id)
