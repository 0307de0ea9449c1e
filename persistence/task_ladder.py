"""Human tasks: opened, reminded, escalated, paused, extended and closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.agreements import EnvelopeStatus
from domain.business_time import TaskDeadlines, deadline
from domain.commands import ExtendDeadline, OpenWait, Receipt
from domain.people import Role
from domain.process import CaseStatus, Stage, TaskKind, TaskOutcome
from domain.violations import LoanRuleViolation
from persistence.audit import has_taken_effect, record
from persistence.clock import business_clock, working_calendar
from persistence.rules import product_of
from persistence.stages import locked_loan, move_stage_deadline, take_role
from persistence.tables import Envelope, Loan, Task

# The signatory is outside the bank: the customer manager sees those tasks and chases them.
TASK_ROLES: Mapping[TaskKind, Role] = {
    TaskKind.SIGN_AUTHORISATION: Role.CUSTOMER_MANAGER,
    TaskKind.REVIEW: Role.REVIEWER,
    TaskKind.APPROVAL: Role.APPROVER,
    TaskKind.SUPPLEMENT: Role.CUSTOMER_MANAGER,
    TaskKind.SIGN_CONTRACT: Role.CUSTOMER_MANAGER,
    TaskKind.RELEASE_REVIEW: Role.OPERATIONS,
    TaskKind.RELEASE_RECHECK: Role.OPERATIONS,
}
RUNGS = ("reminded", "escalated", "next_level", "timed_out")


async def open_task(
    session: AsyncSession, loan: Loan, kind: TaskKind, at: datetime, version: int
) -> Task:
    """Open a task with its product's working-day deadline; the same version opens it once."""
    existing = await _task_of(session, loan.id, kind, version)
    if existing is not None:
        return existing
    product = await product_of(session, loan)
    days = product.sla_working_days[kind]
    clock, calendar = await business_clock(session), await working_calendar(session)
    ladder = TaskDeadlines.of(at, deadline(clock, calendar, at, days))
    task = Task(
        id=uuid4(),
        loan_id=loan.id,
        kind=kind,
        role=TASK_ROLES[kind],
        version=version,
        opened_at=at,
        remind_at=ladder.remind_at,
        due_at=ladder.due_at,
        next_level_at=ladder.next_level_at,
        lapse_at=ladder.lapse_at,
    )
    session.add(task)
    record(
        session, "task.opened", at, loan_id=loan.id, subject=kind, due_at=ladder.due_at.isoformat()
    )
    return task


def wait_of(task: Task, version: int) -> OpenWait:
    """What the workflow needs to know of a task it waits on."""
    return OpenWait(
        task_id=task.id,
        version=version,
        remind_at=task.remind_at,
        due_at=task.due_at,
        next_level_at=task.next_level_at,
        lapse_at=task.lapse_at,
    )


async def climb(session: AsyncSession, task_id: UUID, rung: str, at: datetime) -> None:
    """Note that a task reached a rung of its ladder; each rung is noted once."""
    task = await session.get(Task, task_id, with_for_update=True)
    level = RUNGS.index(rung) + 1
    if task is None or task.closed_at is not None or task.level >= level:
        return
    task.level = level
    record(session, f"task.{rung}", at, loan_id=task.loan_id, subject=task.kind)
    if rung == "timed_out":
        _close(task, TaskOutcome.TIMED_OUT, at, None)


async def close_task(
    session: AsyncSession,
    loan_id: UUID,
    kind: TaskKind,
    outcome: TaskOutcome,
    at: datetime,
    staff_id: UUID | None = None,
) -> Task | None:
    """Close the open task of a kind, if there is one."""
    task = await task_open(session, loan_id, kind)
    if task is not None:
        _close(task, outcome, at, staff_id)
    return task


async def task_open(session: AsyncSession, loan_id: UUID, kind: TaskKind) -> Task | None:
    """The open task of a kind, locked, if there is one."""
    statement = select(Task).where(
        col(Task.loan_id) == loan_id,
        col(Task.kind) == kind,
        col(Task.closed_at).is_(None),
    )
    return (await session.execute(statement.with_for_update())).scalars().first()


async def close_open_tasks(session: AsyncSession, loan_id: UUID, at: datetime) -> None:
    """Cancel whatever task of a case is still open."""
    for task in await _open_tasks(session, loan_id):
        _close(task, TaskOutcome.CANCELLED, at, None)


async def pause_task(session: AsyncSession, task: Task, reason: str, at: datetime) -> None:
    """Stop a task's clock while the customer has the file; what is left is kept."""
    if task.paused_seconds_left is None:
        left = max(int((task.due_at - at).total_seconds()), 1)
        task.paused_seconds_left = left
        task.pause_reason = reason


async def resume_task(session: AsyncSession, task: Task, at: datetime) -> None:
    """Start a paused task's clock again: due after exactly the time that was left."""
    if task.paused_seconds_left is None:
        return
    due_at = at + timedelta(seconds=task.paused_seconds_left)
    _apply(task, _ladder(task).shifted(due_at - task.due_at))
    task.paused_seconds_left = None
    task.pause_reason = None


async def extend_deadline(
    session: AsyncSession, command: ExtendDeadline, at: datetime
) -> tuple[Receipt, OpenWait | None]:
    """Give the open task more working days from its present due instant, with a reason.

    Violations: `duty.role`, `task.none_open`, `deadline.days`.
    """
    loan = await locked_loan(session, command.loan_id)
    receipt = Receipt(accepted=True, case_number=loan.case_number, version=loan.version)
    if await has_taken_effect(session, loan.id, ("task.extended",), command.command_id):
        running = await _running_task(session, loan.id)
        return receipt, wait_of(running, loan.version) if running else None
    await take_role(session, command.actor, (Role.RISK_OFFICER,))
    if not 1 <= command.working_days <= 60:
        raise LoanRuleViolation("deadline.days", min="1", max="60")
    task = await _running_task(session, loan.id)
    if task is None or loan.status != CaseStatus.ACTIVE:
        raise LoanRuleViolation("task.none_open")
    clock, calendar = await business_clock(session), await working_calendar(session)
    due_at = deadline(clock, calendar, max(task.due_at, at), command.working_days)
    _apply(task, TaskDeadlines.of(task.opened_at, due_at))
    task.level = 0
    if loan.stage != Stage.REPAYMENT:  # a drawdown's task runs beside the next due date
        await move_stage_deadline(session, loan, due_at)
    await _keep_link_open(session, loan.id, task)
    record(
        session,
        "task.extended",
        at,
        loan_id=loan.id,
        subject=task.kind,
        actor=command.actor,
        working_days=command.working_days,
        reason=command.reason,
        command=command.command_id,
    )
    return receipt, wait_of(task, loan.version)


async def _keep_link_open(session: AsyncSession, loan_id: UUID, task: Task) -> None:
    """A signatory's link lives as long as the wait for the signature."""
    if task.kind in (TaskKind.SIGN_AUTHORISATION, TaskKind.SIGN_CONTRACT):
        statement = update(Envelope).where(
            col(Envelope.loan_id) == loan_id, col(Envelope.status) == EnvelopeStatus.SENT
        )
        await session.execute(statement.values(expires_at=task.lapse_at))


async def _task_of(
    session: AsyncSession, loan_id: UUID, kind: TaskKind, version: int
) -> Task | None:
    statement = select(Task).where(
        col(Task.loan_id) == loan_id,
        col(Task.kind) == kind,
        col(Task.version) == version,
    )
    return (await session.execute(statement)).scalars().first()


async def _running_task(session: AsyncSession, loan_id: UUID) -> Task | None:
    tasks = await _open_tasks(session, loan_id)
    return next((task for task in tasks if task.paused_seconds_left is None), None)


async def _open_tasks(session: AsyncSession, loan_id: UUID) -> list[Task]:
    statement = select(Task).where(
        col(Task.loan_id) == loan_id,
        col(Task.closed_at).is_(None),
    )
    return list((await session.execute(statement.with_for_update())).scalars())


def _close(task: Task, outcome: TaskOutcome, at: datetime, staff_id: UUID | None) -> None:
    task.closed_at = at
    task.outcome = outcome
    task.closed_by = staff_id


def _apply(task: Task, ladder: TaskDeadlines) -> None:
    task.remind_at = ladder.remind_at
    task.due_at = ladder.due_at
    task.next_level_at = ladder.next_level_at
    task.lapse_at = ladder.lapse_at


def _ladder(task: Task) -> TaskDeadlines:
    return TaskDeadlines(task.remind_at, task.due_at, task.next_level_at, task.lapse_at)
