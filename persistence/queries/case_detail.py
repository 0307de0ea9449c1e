"""The head of a case page: what the case is, where it stands, who has it and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from domain.people import Actor
from persistence.queries.deadlines import DayCounter, day_counter
from persistence.queries.money_of_case import LoanFigures, loan_figures
from persistence.queries.names import BilingualName, bilingual
from persistence.queries.visibility import visible_to
from persistence.tables import Customer, HandRow, Loan, ProductVersion, Staff, Task


@dataclass(frozen=True, slots=True)
class CaseTask:
    """A human task of the case, open or closed. `days_left` counts working days."""

    kind: str
    role: str
    opened_at: datetime
    due_at: datetime
    days_left: int | None
    overdue: bool
    paused: bool
    note: str | None
    claimed_by: BilingualName | None
    closed_at: datetime | None
    outcome: str | None
    closed_by: BilingualName | None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do it."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class CaseHead:
    """What every tab of a case page shows. `my_hand` is the duty the reader holds on the case."""

    loan_id: UUID
    case_number: str
    customer_id: UUID
    customer_name: str
    registration_number: str
    product_name: BilingualName
    officer_id: UUID
    officer_name: BilingualName
    figures: LoanFigures
    stage: str
    status: str
    wait_reason: str
    deadline_at: datetime | None
    days_left: int | None
    overdue: bool
    entered_at: datetime
    submitted_at: datetime
    version: int
    closed_at: datetime | None
    business_on: date
    my_hand: str | None
    tasks: tuple[CaseTask, ...]

    @property
    def open_task(self) -> CaseTask | None:
        """The task that runs now; a paused one waits behind it."""
        waiting = [task for task in self.tasks if task.is_open]
        return next((task for task in waiting if not task.paused), waiting[0] if waiting else None)


async def case_head(
    session: AsyncSession, loan_id: UUID, actor: Actor, now: datetime
) -> CaseHead | None:
    """Everything a case page shows above its tabs; None where this reader has no such case."""
    row = (await session.execute(_head_of(loan_id, actor))).one_or_none()
    if row is None:
        return None
    counter = await day_counter(session, now)
    hand = (await session.execute(_hand_of(loan_id, actor))).scalars().first()
    return _head(row, counter, hand, await _tasks(session, loan_id, counter))


def _head_of(loan_id: UUID, actor: Actor) -> Select[*tuple[Any, ...]]:
    product = col(ProductVersion.data)
    same_code = col(ProductVersion.code) == col(Loan.product_code)
    same_version = col(ProductVersion.version) == col(Loan.product_version)
    return (
        select(
            Loan,
            col(Customer.name).label("customer_name"),
            col(Customer.registration_number).label("registration_number"),
            col(Staff.name_zh).label("officer_zh"),
            col(Staff.name_en).label("officer_en"),
            product["name_zh"].astext.label("product_zh"),
            product["name_en"].astext.label("product_en"),
        )
        .join(Customer, col(Customer.id) == col(Loan.customer_id))
        .join(Staff, col(Staff.id) == col(Loan.officer_id))
        .outerjoin(ProductVersion, same_code & same_version)
        .where(col(Loan.id) == loan_id, visible_to(actor))
    )


def _hand_of(loan_id: UUID, actor: Actor) -> Select[*tuple[Any, ...]]:
    """Hands belong to people: a second account of the same person finds them too."""
    same_person = col(Staff.person_id) == col(HandRow.person_id)
    statement = select(col(HandRow.hand)).join(Staff, same_person)
    return statement.where(col(Staff.id) == UUID(actor.staff_id), col(HandRow.loan_id) == loan_id)


async def _tasks(session: AsyncSession, loan_id: UUID, counter: DayCounter) -> tuple[CaseTask, ...]:
    claimant: Any = aliased(Staff)
    closer: Any = aliased(Staff)
    statement = (
        select(
            Task,
            claimant.name_zh.label("claimant_zh"),
            claimant.name_en.label("claimant_en"),
            closer.name_zh.label("closer_zh"),
            closer.name_en.label("closer_en"),
        )
        .outerjoin(claimant, claimant.id == col(Task.claimed_by))
        .outerjoin(closer, closer.id == col(Task.closed_by))
        .where(col(Task.loan_id) == loan_id)
        .order_by(col(Task.opened_at).desc(), col(Task.version).desc())
    )
    return tuple(_task(row, counter) for row in (await session.execute(statement)).all())


def _task(row: Row[*tuple[Any, ...]], counter: DayCounter) -> CaseTask:
    task: Task = row.Task
    paused = task.paused_seconds_left is not None
    runs = task.closed_at is None and not paused
    return CaseTask(
        kind=task.kind,
        role=task.role,
        opened_at=task.opened_at,
        due_at=task.due_at,
        days_left=counter.days_left(task.due_at) if runs else None,
        overdue=runs and task.due_at <= counter.now,
        paused=paused,
        note=task.note,
        claimed_by=bilingual(row.claimant_zh, row.claimant_en),
        closed_at=task.closed_at,
        outcome=task.outcome,
        closed_by=bilingual(row.closer_zh, row.closer_en),
    )


def _head(
    row: Row[*tuple[Any, ...]], counter: DayCounter, hand: str | None, tasks: tuple[CaseTask, ...]
) -> CaseHead:
    loan: Loan = row.Loan
    due_at = loan.deadline_at
    return CaseHead(
        loan_id=loan.id,
        case_number=loan.case_number,
        customer_id=loan.customer_id,
        customer_name=row.customer_name,
        registration_number=row.registration_number,
        product_name=bilingual(row.product_zh, row.product_en)
        or BilingualName(loan.product_code, loan.product_code),
        officer_id=loan.officer_id,
        officer_name=BilingualName(row.officer_zh, row.officer_en),
        figures=loan_figures(loan),
        stage=loan.stage,
        status=loan.status,
        wait_reason=loan.wait_reason,
        deadline_at=due_at,
        days_left=counter.days_left(due_at) if due_at else None,
        overdue=due_at is not None and due_at <= counter.now,
        entered_at=loan.entered_at,
        submitted_at=loan.submitted_at,
        version=loan.version,
        closed_at=loan.closed_at,
        business_on=counter.clock.business_date(counter.now),
        my_hand=hand,
        tasks=tasks,
    )
