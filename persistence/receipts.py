"""Money that arrived: posted once, to what is due, the rest and the unknown in suspense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid5

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.accounts.events import Event
from domain.accounts.events import Receipt as ReceiptEvent
from domain.ledger import suspense_journal
from domain.money import Currency
from domain.people import Actor
from domain.process import CaseStatus
from persistence.account_shares import event_key_of
from persistence.accounts import append_events, closed_to
from persistence.audit import record
from persistence.clock import business_date, working_calendar
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
    payer_account: str | None = None
    value_on: date | None = None
    """The day itself, where the bank tells a day and no instant."""
    hold: str | None = None
    """Why the money is held whatever loan it names."""


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
    if await _told_before(session, arrival):
        return "duplicate"
    loan = await session.get(Loan, loan_id, with_for_update=True) if loan_id else None
    value_on = await _value_date(session, arrival, loan_id)
    receipt = _receipt(arrival, loan, value_on, at)
    session.add(receipt)
    await session.flush()
    reason = _suspense_reason(loan, arrival) or await _day_reason(session, arrival, receipt, at)
    if reason is not None or loan is None:
        return await _suspend(session, receipt, reason or "unknown_loan", at)
    note_posted(session, receipt, at)
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


def note_posted(
    session: AsyncSession,
    receipt: Receipt,
    at: datetime,
    actor: Actor | None = None,
    command_id: str | None = None,
) -> None:
    """Say in the chain that money was posted to a loan."""
    record(
        session,
        "receipt.posted",
        at,
        loan_id=receipt.loan_id,
        subject=str(receipt.id),
        actor=actor,
        amount=str(receipt.amount),
        currency=receipt.currency,
        value_on=receipt.value_on.isoformat(),
        **({"command": command_id} if command_id else {}),
    )


async def _told_before(session: AsyncSession, arrival: Arrival) -> bool:
    """Whether the transaction is booked: by its provider, or the same sum by another road.

    Money without a loan has no row to lock: the transaction's own number is the lock.
    """
    lock = uuid5(_RECEIPTS, arrival.transaction_id).int % 2**63
    await session.execute(select(func.pg_advisory_xact_lock(lock)))
    same = and_(col(Receipt.amount) == arrival.amount, col(Receipt.currency) == arrival.currency)
    statement = select(col(Receipt.id)).where(
        col(Receipt.transaction_id) == arrival.transaction_id,
        or_(col(Receipt.provider) == arrival.provider, same),
    )
    return (await session.execute(statement.limit(1))).first() is not None


async def _event(session: AsyncSession, receipt: Receipt, at: datetime) -> ReceiptEvent:
    today = await business_date(session, at)
    return ReceiptEvent(
        key=event_key_of(receipt),
        value_on=receipt.value_on,
        recorded_on=today,
        amount=receipt.amount,
    )


async def _suspend(session: AsyncSession, receipt: Receipt, reason: str, at: datetime) -> str:
    await hold(session, receipt, reason, f"receipt:{receipt.id}", at)
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


async def hold(
    session: AsyncSession, receipt: Receipt, reason: str, journal_key: str, at: datetime
) -> None:
    """Keep all of a receipt in suspense, in the ledger too, with an incident until it is settled.

    The journal is today's, also where the money's own day lies in a closed one.
    """
    receipt.suspense, receipt.posted = receipt.amount, Decimal(0)
    receipt.suspense_reason = reason
    today, currency = await business_date(session, at), Currency(receipt.currency)
    journal = suspense_journal(journal_key, today, receipt.amount, currency)
    await book(session, journal, at, receipt.loan_id)
    key = f"suspense:{receipt.id}"
    await open_incident(session, key, "suspense", at, receipt.loan_id, reason=reason)


async def _day_reason(
    session: AsyncSession, arrival: Arrival, receipt: Receipt, at: datetime
) -> str | None:
    """A statement's day may lie before the last closed one, or ahead: a person decides.

    The last closed working day is still good: a statement comes on the morning after, on Monday
    for Friday. A direct debit counts for the day it was asked for, whenever the bank tells of it.
    """
    if arrival.value_on is None or arrival.value_on != receipt.value_on:
        return None
    if receipt.value_on > await business_date(session, at):
        return "value_ahead"
    closed = await closed_to(session)
    if closed is None or receipt.value_on >= closed:
        return None
    calendar = await working_calendar(session)
    worked = calendar.working_days_between(receipt.value_on, closed)
    return "value_closed" if worked > 0 else None


def _suspense_reason(loan: Loan | None, arrival: Arrival) -> str | None:
    if arrival.hold is not None:
        return arrival.hold
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
    if arrival.value_on is not None:
        return arrival.value_on
    return await business_date(session, arrival.value_at)


def _receipt(arrival: Arrival, loan: Loan | None, value_on: date, at: datetime) -> Receipt:
    return Receipt(
        id=uuid5(_RECEIPTS, f"{arrival.provider}:{arrival.transaction_id}"),
        provider=arrival.provider,
        transaction_id=arrival.transaction_id,
        loan_id=loan.id if loan else None,
        amount=arrival.amount,
        currency=arrival.currency,
        value_on=value_on,
        payer_name=arrival.payer_name,
        payer_account=arrival.payer_account,
        remittance=arrival.remittance,
        suspense=arrival.amount,
        received_at=at,
    )
