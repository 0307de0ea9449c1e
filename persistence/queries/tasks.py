"""The inbox of human tasks: what waits for a person, most urgent first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from domain.business_time import fraction_left
from domain.people import Actor, Role
from domain.process import CaseStatus, NodeColour, NodeFacts, TaskKind, node_colour
from persistence.queries.deadlines import DayCounter, day_counter
from persistence.queries.paging import PAGE_SIZE, PageOf, page_of
from persistence.queries.visibility import visible_to
from persistence.tables import Customer, HandRow, Loan, Staff, Task

# Sent to a signatory outside the bank: the customer manager follows them up, nobody claims them.
SIGNATURES = (TaskKind.SIGN_AUTHORISATION, TaskKind.SIGN_CONTRACT)


class Holder(StrEnum):
    """Whose tasks are shown."""

    ALL = "all"
    MINE = "mine"
    FREE = "free"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class TaskFilters:
    """What the inbox shows; None is everything."""

    holder: Holder = Holder.ALL
    kind: TaskKind | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One open task. `days_left` in working days, negative when overdue; None while paused."""

    id: UUID
    loan_id: UUID
    kind: str
    case_number: str
    customer_name: str
    amount: Decimal
    currency: str
    opened_at: datetime
    due_at: datetime
    days_left: int | None
    overdue: bool
    colour: NodeColour
    is_mine: bool
    claimant_zh: str | None
    claimant_en: str | None
    other_hand: str | None

    @property
    def is_signature(self) -> bool:
        """Whether somebody outside the bank has to act."""
        return self.kind in SIGNATURES

    @property
    def claimable(self) -> bool:
        """Whether this person may take it now."""
        return self.claimant_zh is None and self.other_hand is None and not self.is_signature


@dataclass(frozen=True, slots=True)
class TaskInbox:
    """One page of the inbox and how many tasks there are in it."""

    lines: tuple[TaskLine, ...]
    page: PageOf
    overdue: int


async def task_inbox(
    session: AsyncSession, actor: Actor, filters: TaskFilters, now: datetime
) -> TaskInbox:
    """The open tasks of the actor's roles, overdue first, then the next due."""
    shown = and_(_waiting_for(actor), _filtered(actor, filters, now))
    overdue = func.count().filter(_overdue(now))
    counts = select(func.count(), overdue).select_from(Task).join(Loan).where(shown)
    total, late = (await session.execute(counts)).one()
    page = page_of(filters.page, total)
    statement = _lines_of(actor).where(shown).order_by(*_URGENCY).limit(PAGE_SIZE)
    rows = (await session.execute(statement.offset(page.offset))).all()
    counter = await day_counter(session, now)
    return TaskInbox(tuple(_line(row, actor, counter) for row in rows), page, late)


_URGENCY = (
    col(Task.paused_seconds_left).is_not(None),
    col(Task.due_at),
    col(Task.id),
)


def _waiting_for(actor: Actor) -> ColumnElement[bool]:
    """A customer manager's tasks hang on the own cases; the other roles share one inbox each."""
    staff_id = UUID(actor.staff_id)
    desk_roles = [role.value for role in actor.roles if role is not Role.CUSTOMER_MANAGER]
    own = and_(
        col(Task.role) == Role.CUSTOMER_MANAGER.value,
        col(Loan.officer_id) == staff_id,
        true() if Role.CUSTOMER_MANAGER in actor.roles else false(),
    )
    return and_(
        col(Task.closed_at).is_(None),
        col(Loan.status) == CaseStatus.ACTIVE.value,
        visible_to(actor),
        or_(own, col(Task.role).in_(desk_roles)),
    )


def _filtered(actor: Actor, filters: TaskFilters, now: datetime) -> ColumnElement[bool]:
    holders: dict[Holder, ColumnElement[bool]] = {
        Holder.MINE: col(Task.claimed_by) == UUID(actor.staff_id),
        Holder.FREE: col(Task.claimed_by).is_(None),
        Holder.OVERDUE: _overdue(now),
    }
    conditions = [holders[filters.holder]] if filters.holder in holders else []
    if filters.kind is not None:
        conditions.append(col(Task.kind) == filters.kind.value)
    return and_(true(), *conditions)


def _overdue(now: datetime) -> ColumnElement[bool]:
    return and_(col(Task.due_at) <= now, col(Task.paused_seconds_left).is_(None))


def _lines_of(actor: Actor) -> Select[Any]:
    claimant = aliased(Staff)
    held = (
        select(col(HandRow.hand))
        .join(Staff, col(Staff.person_id) == col(HandRow.person_id))
        .where(col(Staff.id) == UUID(actor.staff_id), col(HandRow.loan_id) == col(Loan.id))
        .scalar_subquery()
    )
    return (
        select(
            Task,
            col(Loan.case_number),
            col(Loan.amount),
            col(Loan.currency),
            col(Customer.name),
            col(claimant.name_zh).label("claimant_zh"),
            col(claimant.name_en).label("claimant_en"),
            held.label("held"),
        )
        .join(Loan, col(Task.loan_id) == col(Loan.id))
        .join(Customer, col(Loan.customer_id) == col(Customer.id))
        .outerjoin(claimant, col(Task.claimed_by) == col(claimant.id))
    )


_HAND_OF_KIND = {
    TaskKind.REVIEW: "reviewer",
    TaskKind.APPROVAL: "approver",
    TaskKind.RELEASE_REVIEW: "release_reviewer",
    TaskKind.RELEASE_RECHECK: "release_rechecker",
    TaskKind.SUPPLEMENT: "customer_manager",
}


def _line(row: Row[Any], actor: Actor, counter: DayCounter) -> TaskLine:
    task: Task = row.Task
    paused = task.paused_seconds_left is not None
    other = row.held if row.held != _HAND_OF_KIND.get(TaskKind(task.kind)) else None
    return TaskLine(
        id=task.id,
        loan_id=task.loan_id,
        kind=task.kind,
        case_number=row.case_number,
        customer_name=row.name,
        amount=row.amount,
        currency=row.currency,
        opened_at=task.opened_at,
        due_at=task.due_at,
        days_left=None if paused else counter.days_left(task.due_at),
        overdue=not paused and task.due_at <= counter.now,
        colour=_colour(task, counter.now),
        is_mine=task.claimed_by == UUID(actor.staff_id),
        claimant_zh=row.claimant_zh,
        claimant_en=row.claimant_en,
        other_hand=other,
    )


def _colour(task: Task, now: datetime) -> NodeColour:
    """Blue while there is time, amber in its last fifth, red when overdue, grey while paused."""
    if task.paused_seconds_left is not None:
        return NodeColour.GREY
    left = fraction_left(task.opened_at, task.due_at, now)
    return node_colour(NodeFacts(entered=True, left=False, time_left=left))
