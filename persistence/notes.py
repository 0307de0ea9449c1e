"""A note in repayment: what comes next, what came due, what arrived, what is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.business_time import BusinessClock
from domain.ledger import (
    accrual_journal,
    receipt_journal,
    refund_journal,
    suspense_journal,
    suspense_match_journal,
)
from domain.money import Currency
from domain.process import CaseStatus, WaitReason
from domain.repayments import (
    AllocationResult,
    InstalmentState,
    accrue_penalty,
    allocate,
    days_past_due,
    is_settled,
    principal_outstanding,
    total_due,
)
from persistence.audit import record
from persistence.clock import business_clock, business_date
from persistence.incidents import open_incident
from persistence.journals import book
from persistence.stages import end_case, locked_loan
from persistence.tables import AllocationRow, Collection, Contract, Instalment, Loan, Receipt

# The days past due at which the bank acts. Source: the five-class floor and the alert catalogue.
ARREARS_THRESHOLDS = (1, 8, 30, 90, 270, 360)
_RECEIPTS = UUID("0d7cbb1a-5a49-5f2e-8a9a-3c8f3d1f1a22")
_COLLECTION_IN_FLIGHT = timedelta(seconds=20)
_JITTER_WINDOW = timedelta(hours=2)


class StepKind(StrEnum):
    """What a note's workflow does next."""

    DUE = "due"
    ARREARS = "arrears"
    SETTLED = "settled"


@dataclass(frozen=True)
class NextStep:
    """The next dated step of a note: at which instant, and which instalment or threshold."""

    kind: StepKind
    at: datetime
    number: int


@dataclass(frozen=True)
class Billing:
    """A direct debit to ask of the rail, or nothing where nothing is open."""

    key: str
    amount: Decimal
    currency: str
    due_on: date
    n: int


async def next_step(session: AsyncSession, loan_id: UUID) -> NextStep:
    """What a note waits for next: an instalment's day, an arrears threshold, or its end."""
    loan = await session.get_one(Loan, loan_id)
    rows = await _instalments(session, loan_id)
    states = [_state(row) for row in rows]
    clock = await business_clock(session)
    if is_settled(states):
        return NextStep(StepKind.SETTLED, clock.epoch_at, 0)
    steps = [step for step in (_next_due(rows, clock), _next_arrears(loan, states, clock)) if step]
    if not steps:
        last = clock.instant_of(rows[-1].due_on) + clock.stretch(timedelta(days=3650))
        return NextStep(StepKind.ARREARS, last, ARREARS_THRESHOLDS[-1])
    return min(steps, key=lambda step: step.at)


async def bill_instalment(
    session: AsyncSession, loan_id: UUID, n: int, at: datetime, version: int
) -> Billing | None:
    """An instalment comes due: its interest is earned, held money pays, the rest is collected."""
    loan = await locked_loan(session, loan_id)
    row = await session.get_one(Instalment, (loan_id, n), with_for_update=True)
    loan.version = max(loan.version, version)
    if row.billed_at is None:
        row.billed_at = at
        await _earn_interest(session, loan, row, at)
        record(
            session,
            "instalment.due",
            at,
            loan_id=loan_id,
            subject=str(n),
            due_on=row.due_on.isoformat(),
        )
        await _use_held_money(session, loan, row.due_on, at)
    amount = _state(row).open_total
    if amount == 0:
        return None
    key = f"coll:{loan_id}:{n}"
    if await session.get(Collection, key) is None:
        session.add(
            Collection(
                key=key,
                loan_id=loan_id,
                n=n,
                amount=amount,
                currency=loan.currency,
                due_on=row.due_on,
                status="asked",
                asked_at=at,
            )
        )
    return Billing(key, amount, loan.currency, row.due_on, n)


async def note_arrears(
    session: AsyncSession, loan_id: UUID, threshold: int, at: datetime, version: int
) -> None:
    """A threshold of days past due is reached: say so, and let lateness show its price."""
    loan = await locked_loan(session, loan_id)
    if loan.arrears_noted >= threshold:
        return
    today = await business_date(session, at)
    rows = await _instalments(session, loan_id)
    states = await _accrued(session, loan, rows, today)
    _write_back(rows, states, today)
    loan.arrears_noted = threshold
    loan.wait_reason = WaitReason.ARREARS
    loan.version = max(loan.version, version)
    late = days_past_due(states, today)
    record(session, "instalment.overdue", at, loan_id=loan_id, threshold=threshold, days=late)
    if threshold >= ARREARS_THRESHOLDS[1]:
        key = f"arrears:{loan_id}:{threshold}"
        await open_incident(session, key, "arrears", at, loan_id, days=threshold)


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
    if await session.get(Receipt, receipt_id) is not None:
        return "duplicate"
    loan = await session.get(Loan, loan_id, with_for_update=True) if loan_id else None
    value_on = await _value_date(session, arrival)
    receipt = _receipt(receipt_id, arrival, loan, value_on, at)
    session.add(receipt)
    await session.flush()
    reason = _suspense_reason(loan, arrival)
    if reason is not None or loan is None:
        return await _suspend(session, receipt, reason or "unknown_loan", value_on, at)
    rows = await _instalments(session, loan.id)
    states = await _accrued(session, loan, rows, value_on)
    result = allocate(arrival.amount, states, value_on)
    _keep(session, receipt, loan, result, value_on)
    currency = Currency(loan.currency)
    journal = receipt_journal(
        f"receipt:{receipt.id}", value_on, currency, result.allocations, result.surplus
    )
    await book(session, journal, at, loan.id)
    _write_back(rows, result.states, value_on)
    _restate(loan, result.states, value_on)
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


async def close_note(session: AsyncSession, loan_id: UUID, at: datetime, version: int) -> None:
    """The last cent is paid: money held beyond it is promised back, and the case is settled."""
    loan = await locked_loan(session, loan_id)
    if loan.status != CaseStatus.ACTIVE:
        return
    today = await business_date(session, at)
    for receipt in await _held(session, loan_id):
        key, amount = f"refund:{receipt.id}", receipt.suspense
        await book(
            session, refund_journal(key, today, amount, Currency(loan.currency)), at, loan_id
        )
        receipt.refund_pending += amount
        receipt.suspense = Decimal(0)
        await open_incident(session, key, "refund_pending", at, loan_id, amount=str(amount))
    loan.next_due_on = None
    await end_case(session, loan, CaseStatus.SETTLED, "repaid_in_full", at, version)


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


async def _earn_interest(session: AsyncSession, loan: Loan, row: Instalment, at: datetime) -> None:
    if row.interest > 0:
        key, currency = f"accrue:{loan.id}:{row.n}", Currency(loan.currency)
        await book(session, accrual_journal(key, row.due_on, row.interest, currency), at, loan.id)


async def _use_held_money(session: AsyncSession, loan: Loan, value_on: date, at: datetime) -> None:
    for receipt in await _held(session, loan.id):
        rows = await _instalments(session, loan.id)
        states = await _accrued(session, loan, rows, value_on)
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
        _keep(session, receipt, loan, result, value_on)
        _write_back(rows, result.states, value_on)
        _restate(loan, result.states, value_on)
        record(session, "receipt.matched", at, loan_id=loan.id, subject=str(receipt.id))


def _keep(
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


def _restate(loan: Loan, states: Sequence[InstalmentState], on: date) -> None:
    loan.outstanding = principal_outstanding(states)
    unpaid = [state.due_on for state in states if state.open_total > 0]
    loan.next_due_on = min(unpaid) if unpaid else None
    if total_due(states, on) == 0:
        loan.arrears_noted = 0
        loan.wait_reason = WaitReason.INSTALMENT_DUE


async def _accrued(
    session: AsyncSession, loan: Loan, rows: Sequence[Instalment], to_on: date
) -> tuple[InstalmentState, ...]:
    contract = await session.get_one(Contract, loan.id)
    return accrue_penalty(
        [_state(row) for row in rows],
        contract.yearly_rate,
        contract.penalty_uplift,
        to_on=to_on,
        currency=Currency(loan.currency),
    )


async def _value_date(session: AsyncSession, arrival: Arrival) -> date:
    """A direct debit is good for the day it was asked for; other money for the day it came."""
    if arrival.collection_key is not None:
        collection = await session.get(Collection, arrival.collection_key, with_for_update=True)
        if collection is not None:
            collection.status = "honoured"
            return collection.due_on
    return await business_date(session, arrival.value_at)


async def _held(session: AsyncSession, loan_id: UUID) -> list[Receipt]:
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


async def _instalments(session: AsyncSession, loan_id: UUID) -> list[Instalment]:
    statement = (
        select(Instalment).where(col(Instalment.loan_id) == loan_id).order_by(col(Instalment.n))
    )
    return list((await session.execute(statement)).scalars())


def _next_due(rows: Sequence[Instalment], clock: BusinessClock) -> NextStep | None:
    row = next((row for row in rows if row.billed_at is None), None)
    if row is None:
        return None
    share = row.loan_id.int % 1000  # spreads the book's due instants over the morning
    jitter = clock.stretch(_JITTER_WINDOW) * share / 1000
    return NextStep(StepKind.DUE, clock.instant_of(row.due_on) + jitter, row.n)


def _next_arrears(
    loan: Loan, states: Sequence[InstalmentState], clock: BusinessClock
) -> NextStep | None:
    unpaid = [state.due_on for state in states if state.in_arrears]
    threshold = next((days for days in ARREARS_THRESHOLDS if days > loan.arrears_noted), None)
    if not unpaid or threshold is None:
        return None
    start = clock.instant_of(min(unpaid) + timedelta(days=threshold))
    grace = min(_COLLECTION_IN_FLIGHT, clock.stretch(timedelta(hours=20)))
    return NextStep(StepKind.ARREARS, start + grace, threshold)


def _state(row: Instalment) -> InstalmentState:
    return InstalmentState(
        n=row.n,
        due_on=row.due_on,
        principal=row.principal,
        interest=row.interest,
        principal_paid=row.principal_paid,
        interest_paid=row.interest_paid,
        penalty_paid=row.penalty_paid,
        compound_paid=row.compound_paid,
        penalty_accrued=row.penalty_accrued,
        compound_accrued=row.compound_accrued,
        accrued_to_on=row.accrued_to_on,
        penalty_residual=row.penalty_residual,
        compound_residual=row.compound_residual,
    )


def _write_back(rows: Sequence[Instalment], states: Sequence[InstalmentState], on: date) -> None:
    for row, state in zip(rows, states, strict=True):
        row.principal_paid = state.principal_paid
        row.interest_paid = state.interest_paid
        row.penalty_accrued = state.penalty_accrued
        row.penalty_paid = state.penalty_paid
        row.compound_accrued = state.compound_accrued
        row.compound_paid = state.compound_paid
        row.penalty_residual = state.penalty_residual
        row.compound_residual = state.compound_residual
        row.accrued_to_on = state.accrued_to_on
        if row.paid_on is None and state.open_total == 0 and row.due_on <= on:
            row.paid_on = on


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
