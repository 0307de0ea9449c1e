"""Money that arrived: posted once, to what is due, the rest and the unknown in suspense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.ledger import (
    receipt_journal,
    suspense_journal,
    suspense_match_journal,
)
from domain.money import Currency
from domain.process import CaseStatus
from domain.repayments import (
    AllocationResult,
    allocate,
)
from persistence.audit import record
from persistence.clock import business_date
from persistence.incidents import open_incident
from persistence.instalments import accrued_to, instalments_of, restate, write_back
from persistence.journals import book
from persistence.tables import AllocationRow, Collection, Loan, Receipt

_RECEIPTS = UUID("0d7cbb1a-5a49-5f2e-8a9a-3c8f3d1f1a22")


@dataclass(frozen=True)
class Arrival:
    """Money a provider says has arrived."""

    provider: str
    transaction_id: str
    amount: Decimal
    currency: str
    value_at: datetime
    payer_name: str | None
    remittance: str | None
    collection_key: str | None


async def post_receipt(
    session: AsyncSession, arrival: Arrival, loan_id: UUID | None, at: datetime
) -> str:
    """Post money once: to what is due on its value date, the rest and the unknown to suspense."""
    receipt_id = uuid5(_RECEIPTS, f"{arrival.provider}:{arrival.transaction_id}")
    # money without a loan has no row to lock: the transaction's own number is the lock
    await session.execute(select(func.pg_advisory_xact_lock(receipt_id.int % 2**63)))
    if await session.get(Receipt, receipt_id) is not None:
        return "duplicate"
    loan = await session.get(Loan, loan_id, with_for_update=True) if loan_id else None
    value_on = await _value_date(session, arrival, loan_id)
    receipt = _receipt(receipt_id, arrival, loan, value_on, at)
    session.add(receipt)
    await session.flush()
    reason = _suspense_reason(loan, arrival)
    if reason is not None or loan is None:
        return await _suspend(session, receipt, reason or "unknown_loan", value_on, at)
    rows = await instalments_of(session, loan.id)
    states = await accrued_to(session, loan, rows, value_on)
    result = allocate(arrival.amount, states, value_on)
    keep_allocation(session, receipt, loan, result, value_on)
    currency = Currency(loan.currency)
    journal = receipt_journal(
        f"receipt:{receipt.id}", value_on, currency, result.allocations, result.surplus
    )
    await book(session, journal, at, loan.id)
    write_back(rows, result.states, value_on)
    await restate(session, loan, result.states, value_on)
    record(
        session,
        "receipt.posted",
        at,
        loan_id=loan.id,
        subject=str(receipt.id),
        amount=str(arrival.amount),
        currency=arrival.currency,
        value_on=value_on.isoformat(),
        surplus=str(result.surplus),
    )
    return "posted"


async def fail_collection(session: AsyncSession, key: str, reason: str, at: datetime) -> str:
    """A direct debit was not honoured; the instalment stays open and lateness runs."""
    collection = await session.get(Collection, key, with_for_update=True)
    if collection is None:
        return "foreign"
    if collection.status != "asked":
        return "superseded"
    collection.status = "failed"
    record(session, "collection.failed", at, loan_id=collection.loan_id, subject=key, reason=reason)
    return "noted"


async def use_held_money(session: AsyncSession, loan: Loan, value_on: date, at: datetime) -> None:
    """Let money held in surplus pay what has come due."""
    for receipt in await held_receipts(session, loan.id):
        rows = await instalments_of(session, loan.id)
        states = await accrued_to(session, loan, rows, value_on)
        result = allocate(receipt.suspense, states, value_on)
        if not result.allocations:
            return
        key = f"match:{receipt.id}:{value_on.isoformat()}"
        currency = Currency(loan.currency)
        await book(
            session,
            suspense_match_journal(key, value_on, currency, result.allocations),
            at,
            loan.id,
        )
        keep_allocation(session, receipt, loan, result, value_on)
        write_back(rows, result.states, value_on)
        await restate(session, loan, result.states, value_on)
        record(session, "receipt.matched", at, loan_id=loan.id, subject=str(receipt.id))


async def held_receipts(session: AsyncSession, loan_id: UUID) -> list[Receipt]:
    """Receipts with surplus money, locked, oldest first."""
    statement = (
        select(Receipt)
        .where(
            col(Receipt.loan_id) == loan_id,
            col(Receipt.suspense) > 0,
            col(Receipt.suspense_reason) == "surplus",
        )
        .order_by(col(Receipt.received_at))
        .with_for_update()
    )
    return list((await session.execute(statement)).scalars())


def keep_allocation(
    session: AsyncSession, receipt: Receipt, loan: Loan, result: AllocationResult, value_on: date
) -> None:
    receipt.suspense = result.surplus
    receipt.posted = receipt.amount - result.surplus - receipt.refund_pending
    receipt.suspense_reason = "surplus" if result.surplus else None
    session.add_all(
        AllocationRow(
            receipt_id=receipt.id, loan_id=loan.id, bucket=part.bucket, n=part.n, amount=part.amount
        )
        for part in result.allocations
    )


async def _suspend(
    session: AsyncSession, receipt: Receipt, reason: str, value_on: date, at: datetime
) -> str:
    receipt.suspense = receipt.amount
    receipt.suspense_reason = reason
    currency = Currency(receipt.currency)
    journal = suspense_journal(f"receipt:{receipt.id}", value_on, receipt.amount, currency)
    await book(session, journal, at, receipt.loan_id)
    key = f"suspense:{receipt.id}"
    await open_incident(session, key, "suspense", at, receipt.loan_id, reason=reason)
    record(
        session,
        "receipt.suspense",
        at,
        loan_id=receipt.loan_id,
        subject=str(receipt.id),
        reason=reason,
        amount=str(receipt.amount),
        currency=receipt.currency,
    )
    return f"suspense:{reason}"


def _suspense_reason(loan: Loan | None, arrival: Arrival) -> str | None:
    if loan is None:
        return "unknown_loan"
    if loan.drawn_on is None:
        return "not_drawn"
    if loan.status != CaseStatus.ACTIVE:
        return "loan_closed"
    return None if loan.currency == arrival.currency else "wrong_currency"


async def _value_date(session: AsyncSession, arrival: Arrival, loan_id: UUID | None) -> date:
    """A direct debit is good for the day it was asked for; other money for the day it came."""
    if arrival.collection_key is not None:
        collection = await session.get(Collection, arrival.collection_key, with_for_update=True)
        if collection is not None and collection.loan_id == loan_id:
            collection.status = "honoured"
            return collection.due_on
    return await business_date(session, arrival.value_at)


def _receipt(
    receipt_id: UUID, arrival: Arrival, loan: Loan | None, value_on: date, at: datetime
) -> Receipt:
    return Receipt(
        id=receipt_id,
        provider=arrival.provider,
        transaction_id=arrival.transaction_id,
        loan_id=loan.id if loan else None,
        amount=arrival.amount,
        currency=arrival.currency,
        value_on=value_on,
        payer_name=arrival.payer_name,
        remittance=arrival.remittance,
        suspense=arrival.amount,
        received_at=at,
    )
