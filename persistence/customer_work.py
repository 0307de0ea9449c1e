"""What a customer's process has to do next. Whoever adds work tells the process to look."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers import Agenda, Work, WorkKind
from domain.violations import LoanRuleViolation
from persistence.audit import record
from persistence.clock import business_clock, business_date
from persistence.tables import Customer, CustomerWork

Worker = Callable[[AsyncSession, UUID, Work, datetime], Awaitable[str]]
"""Carries out one kind of work in one transaction; the answer is its outcome, a code."""


async def locked_customer(session: AsyncSession, customer_id: UUID) -> Customer:
    """The customer's row, locked for this transaction. Violation: `customer.unknown`."""
    customer = await session.get(Customer, customer_id, with_for_update=True)
    if customer is None:
        raise LoanRuleViolation("customer.unknown")
    return customer


async def add_work(
    session: AsyncSession,
    customer_id: UUID,
    kind: WorkKind,
    cause: str,
    at: datetime,
    due_at: datetime | None = None,
    *,
    due_on: date | None = None,
) -> None:
    """Put work on a customer's agenda; the same kind for the same cause waits there once.

    It is due at once, at an instant, or as a business date begins. A date is waited for by the
    clock that rules then: a change of pace neither hastens nor delays it.
    """
    if due_on is not None:
        due_at = (await business_clock(session)).instant_of(due_on)
    row = {
        "id": uuid4(),
        "customer_id": customer_id,
        "kind": kind,
        "cause": cause,
        "due_at": due_at or at,
        "due_on": due_on,
        "opened_at": at,
    }
    await session.execute(insert(CustomerWork).values(row).on_conflict_do_nothing())


async def agenda_of(session: AsyncSession, customer_id: UUID, at: datetime) -> Agenda:
    """The oldest work that is due, or when the next one will be."""
    clock = await business_clock(session)
    dated = await _first(session, customer_id, col(CustomerWork.due_on).is_not(None))
    timed = await _first(session, customer_id, col(CustomerWork.due_on).is_(None))
    waiting = [(clock.instant_of(row.due_on), row) for row in dated if row.due_on is not None]
    waiting += [(row.due_at, row) for row in timed]
    if not waiting:
        return Agenda()
    due_at, row = min(waiting, key=lambda pair: pair[0])
    if due_at > at:
        return Agenda(next_at=due_at)
    return Agenda(Work(row.id, WorkKind(row.kind), row.cause))


async def _first(
    session: AsyncSession, customer_id: UUID, of_kind: ColumnElement[bool]
) -> Sequence[CustomerWork]:
    """The open work of one sort that is due first, if there is any."""
    statement = (
        select(CustomerWork)
        .where(
            col(CustomerWork.customer_id) == customer_id,
            col(CustomerWork.done_at).is_(None),
            of_kind,
        )
        .order_by(
            col(CustomerWork.due_on),
            col(CustomerWork.due_at),
            col(CustomerWork.opened_at),
            col(CustomerWork.id),
        )
        .limit(1)
    )
    return (await session.execute(statement)).scalars().all()


async def carry_out(
    session: AsyncSession,
    customer_id: UUID,
    work: Work,
    at: datetime,
    workers: Mapping[WorkKind, Worker],
) -> str:
    """Do a piece of work once; one that is done answers with the outcome it had."""
    row = await session.get(CustomerWork, work.id, with_for_update=True)
    if row is None or row.done_at is not None:
        return (row.outcome if row else None) or "gone"
    await locked_customer(session, customer_id)
    outcome = await workers[work.kind](session, customer_id, work, at)
    _close(session, row, outcome, at)
    return outcome


async def finish_work(session: AsyncSession, work_id: UUID, outcome: str, at: datetime) -> None:
    """Note work that was carried out in several steps as done."""
    row = await session.get(CustomerWork, work_id, with_for_update=True)
    if row is not None and row.done_at is None:
        _close(session, row, outcome, at)


async def customers_with_due_work(
    session: AsyncSession, due_before: datetime, limit: int = 50
) -> list[UUID]:
    """Customers whose work has waited since an instant: nobody seems to have told them."""
    by_then = await business_date(session, due_before)
    is_due = or_(
        and_(col(CustomerWork.due_on).is_(None), col(CustomerWork.due_at) < due_before),
        col(CustomerWork.due_on) <= by_then,
    )
    statement = (
        select(col(CustomerWork.customer_id), func.min(col(CustomerWork.due_at)).label("oldest"))
        .where(col(CustomerWork.done_at).is_(None), is_due)
        .group_by(col(CustomerWork.customer_id))
        .order_by("oldest")
        .limit(limit)
    )
    return [row[0] for row in (await session.execute(statement)).all()]


def _close(session: AsyncSession, row: CustomerWork, outcome: str, at: datetime) -> None:
    row.done_at, row.outcome = at, outcome
    record(
        session,
        "customer.work_done",
        at,
        subject=str(row.customer_id),
        kind=row.kind,
        cause=row.cause,
        outcome=outcome,
    )
