"""The repayment schedule of one case, what was paid on it and what is overdue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.repayments import InstalmentState, days_past_due
from persistence.clock import business_date
from persistence.tables import AllocationRow, Instalment, Receipt

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """One instalment; `penalty` is penalty and compound interest, `outstanding` what is open."""

    number: int
    due_on: date
    principal: Decimal
    interest: Decimal
    penalty: Decimal
    paid: Decimal
    outstanding: Decimal
    balance_after: Decimal
    status: str
    paid_on: date | None


@dataclass(frozen=True, slots=True)
class ReceiptPart:
    """What part of a receipt paid which debt of which instalment."""

    bucket: str
    number: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """Money that arrived for the case."""

    id: UUID
    provider: str
    transaction_id: str
    amount: Decimal
    currency: str
    value_on: date
    payer_name: str | None
    posted: Decimal
    suspense: Decimal
    refund_pending: Decimal
    suspense_reason: str | None
    received_at: datetime
    parts: tuple[ReceiptPart, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """The schedule on one business date."""

    business_on: date
    lines: tuple[ScheduleLine, ...]
    receipts: tuple[ReceiptView, ...]
    days_past_due: int

    @property
    def paid(self) -> Decimal:
        """Everything paid so far."""
        return sum((line.paid for line in self.lines), NOTHING)

    @property
    def due_now(self) -> Decimal:
        """What is open on instalments that have come due."""
        due = (line for line in self.lines if line.due_on <= self.business_on)
        return sum((line.outstanding for line in due), NOTHING)

    @property
    def overdue(self) -> Decimal:
        """What is open on instalments whose due date has passed."""
        late = (line for line in self.lines if line.due_on < self.business_on)
        return sum((line.outstanding for line in late), NOTHING)

    @property
    def to_come(self) -> Decimal:
        """Principal and interest that have not come due."""
        later = (line for line in self.lines if line.due_on > self.business_on)
        return sum((line.outstanding for line in later), NOTHING)


async def schedule(session: AsyncSession, loan_id: UUID, now: datetime) -> Schedule:
    """The schedule of a case; without lines before the loan is disbursed."""
    today = await business_date(session, now)
    statement = select(Instalment).where(col(Instalment.loan_id) == loan_id)
    rows = (await session.execute(statement.order_by(col(Instalment.n)))).scalars().all()
    return Schedule(
        business_on=today,
        lines=tuple(_line(row, today) for row in rows),
        receipts=await _receipts(session, loan_id),
        days_past_due=days_past_due([_state(row) for row in rows], today),
    )


def _state(row: Instalment) -> InstalmentState:
    """What days past due are counted from; lateness itself counts no days."""
    return InstalmentState(
        n=row.n,
        due_on=row.due_on,
        principal=row.principal,
        interest=row.interest,
        principal_paid=row.principal_paid,
        interest_paid=row.interest_paid,
    )


def _line(row: Instalment, today: date) -> ScheduleLine:
    penalty = row.penalty_accrued + row.compound_accrued
    paid = row.principal_paid + row.interest_paid + row.penalty_paid + row.compound_paid
    outstanding = row.principal + row.interest + penalty - paid
    return ScheduleLine(
        number=row.n,
        due_on=row.due_on,
        principal=row.principal,
        interest=row.interest,
        penalty=penalty,
        paid=paid,
        outstanding=outstanding,
        balance_after=row.balance_after,
        status=_status(row.due_on, paid, outstanding, today),
        paid_on=row.paid_on,
    )


def _status(due_on: date, paid: Decimal, outstanding: Decimal, today: date) -> str:
    if outstanding == 0:
        return "paid"
    if due_on < today:
        return "overdue"
    if paid > 0:
        return "partial"
    return "due" if due_on == today else "planned"


async def _receipts(session: AsyncSession, loan_id: UUID) -> tuple[ReceiptView, ...]:
    statement = select(Receipt).where(col(Receipt.loan_id) == loan_id)
    newest = statement.order_by(col(Receipt.received_at).desc())
    receipts = (await session.execute(newest)).scalars().all()
    posted = select(AllocationRow).where(col(AllocationRow.loan_id) == loan_id)
    rows = (await session.execute(posted.order_by(col(AllocationRow.id)))).scalars()
    parts = _parts(rows)
    return tuple(_receipt(row, tuple(parts[row.id])) for row in receipts)


def _parts(rows: Iterable[AllocationRow]) -> dict[UUID, list[ReceiptPart]]:
    parts: defaultdict[UUID, list[ReceiptPart]] = defaultdict(list)
    for row in rows:
        if row.receipt_id is None:
            continue  # an event without a receipt of its own, a waiver
        parts[row.receipt_id].append(ReceiptPart(row.bucket, row.n, row.amount))
    return parts


def _receipt(row: Receipt, parts: tuple[ReceiptPart, ...]) -> ReceiptView:
    known = {name: getattr(row, name) for name in ReceiptView.__slots__ if name != "parts"}
    return ReceiptView(parts=parts, **known)
