"""Money that arrived: posted once, to what is due, the rest and the unknown in suspense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.accounts.events import Event, Reversal
from domain.accounts.events import Receipt as ReceiptEvent
from domain.ledger import suspense_journal
from domain.money import Currency
from domain.people import Actor
from domain.process import CaseStatus
from domain.violations import LoanRuleViolation
from persistence.account_shares import receipt_key
from persistence.accounts import append_events
from persistence.audit import record
from persistence.clock import business_date
from persistence.incidents import open_incident
from persistence.journals import book
from persistence.tables import Collection, Loan, Receipt

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
    session: AsyncSession,
    arrival: Arrival,
    loan_id: UUID | None,
    at: datetime,
    batch: list[Event] | None = None,
) -> str:
    """Post money once: to what is due on its value date, the rest and the unknown to suspense.

    With a `batch` the caller appends the collected events itself, all in one fold.
    """
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
    record(
        session,
        "receipt.posted",
        at,
        loan_id=loan.id,
        subject=str(receipt.id),
        amount=str(arrival.amount),
        currency=arrival.currency,
        value_on=value_on.isoformat(),
    )
    event = await _event(session, receipt, at)
    if batch is None:
        # a rail's value date is the money's own fact, whatever days are closed since
        await append_events(session, loan, [event], at, back_dated=True)
    else:
        batch.append(event)
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


async def reverse_receipt(
    session: AsyncSession, receipt_id: UUID, reason: str, actor: Actor | None, at: datetime
) -> None:
    """A posted receipt never counted (误记冲正, 退票): the account runs again without it.

    Violations: `receipt.unknown`, `receipt.not_posted`, `receipt.reversed`, `receipt.promised`,
    `account.loan_closed`.
    """
    receipt = await session.get(Receipt, receipt_id, with_for_update=True)
    if receipt is None:
        raise LoanRuleViolation("receipt.unknown")
    loan = await _reversible(session, receipt)
    today = await business_date(session, at)
    key = receipt_key(receipt.id)
    reversal = Reversal(
        key=f"reverse:{key}",
        value_on=receipt.value_on,
        recorded_on=today,
        reversed_key=key,
    )
    record(
        session,
        "receipt.reversed",
        at,
        loan_id=loan.id,
        subject=str(receipt.id),
        actor=actor,
        reason=reason,
        amount=str(receipt.amount),
    )
    await append_events(session, loan, [reversal], at, back_dated=True, actor=actor)


async def _reversible(session: AsyncSession, receipt: Receipt) -> Loan:
    if receipt.loan_id is None or receipt.suspense_reason not in (None, "surplus"):
        raise LoanRuleViolation("receipt.not_posted")
    if receipt.returned:
        raise LoanRuleViolation("receipt.reversed")
    if receipt.refund_pending:
        raise LoanRuleViolation("receipt.promised")
    loan = await session.get_one(Loan, receipt.loan_id, with_for_update=True)
    if loan.status != CaseStatus.ACTIVE:
        raise LoanRuleViolation("account.loan_closed")
    return loan


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


async def _event(session: AsyncSession, receipt: Receipt, at: datetime) -> ReceiptEvent:
    today = await business_date(session, at)
    return ReceiptEvent(
        key=receipt_key(receipt.id),
        value_on=receipt.value_on,
        recorded_on=today,
        amount=receipt.amount,
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
