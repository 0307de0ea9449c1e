"""A note in repayment: what comes next, what came due, what is late, how it closes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.accounts.events import RefundDue
from domain.business_time import BusinessClock
from domain.customers import WorkKind
from domain.process import CaseStatus, Stage, WaitReason
from domain.repayments import InstalmentState, is_settled
from domain.servicing import Billing, NextStep, StepKind
from persistence.account_shares import event_key_of
from persistence.accounts import append_events
from persistence.audit import record
from persistence.clock import business_clock, business_date
from persistence.commitments import drawdown_under_way
from persistence.customer_work import add_work
from persistence.drawdowns import lapse_instant
from persistence.incidents import open_incident
from persistence.instalments import lines_to_watch, state_of
from persistence.rates import next_reset
from persistence.receipts import held_receipts
from persistence.stages import end_case, locked_loan, move_stage_deadline
from persistence.tables import Collection, Instalment, Loan

# The days past due at which the bank acts. Source: the five-class floor and the alert catalogue.
ARREARS_THRESHOLDS = (1, 8, 30, 90, 270, 360)
_COLLECTION_IN_FLIGHT = timedelta(seconds=20)
_JITTER_WINDOW = timedelta(hours=2)


async def next_step(session: AsyncSession, loan_id: UUID, at: datetime) -> NextStep:
    """What a note waits for next: an instalment's day, an arrears threshold, or its end."""
    loan = await session.get_one(Loan, loan_id)
    rows = await lines_to_watch(session, loan_id)
    states = [state_of(row) for row in rows]
    clock = await business_clock(session)
    drawing = await drawdown_under_way(session, loan_id) is not None
    if is_settled(states) and not drawing:
        return NextStep(StepKind.SETTLED, clock.epoch_at, 0)
    steps = [step for step in (_next_due(rows, clock), _next_arrears(loan, states, clock)) if step]
    reset_at = await next_reset(session, loan, at)
    if reset_at is not None:
        steps.append(NextStep(StepKind.RESET, reset_at, 0))
    lapse_at = await lapse_instant(session, loan)
    if lapse_at is not None:
        steps.append(NextStep(StepKind.AVAILABILITY, lapse_at, 0))
    if not steps:
        # every threshold is noted: only money moves this note, but it is looked at once a year
        return NextStep(
            StepKind.ARREARS, at + clock.stretch(timedelta(days=365)), ARREARS_THRESHOLDS[-1]
        )
    return min(steps, key=lambda step: step.at)


async def follow_pace(session: AsyncSession) -> None:
    """The clock goes at another pace: every note's deadline is the end of its next due date."""
    clock = await business_clock(session)
    running = select(Loan).where(
        col(Loan.stage) == Stage.REPAYMENT,
        col(Loan.status) == CaseStatus.ACTIVE,
        col(Loan.next_due_on).is_not(None),
    )
    for loan in (await session.execute(running)).scalars().all():
        if loan.next_due_on is not None:
            await move_stage_deadline(session, loan, clock.end_of(loan.next_due_on))


async def bill_instalment(
    session: AsyncSession, loan_id: UUID, n: int, at: datetime, version: int
) -> Billing | None:
    """An instalment comes due: its interest is earned, held money pays, the rest is collected."""
    loan = await locked_loan(session, loan_id)
    row = await session.get_one(Instalment, (loan_id, n), with_for_update=True)
    loan.version = max(loan.version, version)
    if row.billed_at is None and await business_date(session, at) < row.due_on:
        return None  # a timer of a faster clock: the day itself is still to come
    if row.billed_at is None:
        row.billed_at = at
        await session.flush()
        await append_events(session, loan, [], at)  # held money pays what falls due
        record(
            session,
            "instalment.due",
            at,
            loan_id=loan_id,
            subject=str(n),
            due_on=row.due_on.isoformat(),
        )
    amount = state_of(row).open_total
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
    loan.version = max(loan.version, version)
    if loan.arrears_noted >= threshold:
        return
    late = (await append_events(session, loan, [], at)).days_past_due
    if late < threshold:
        return  # paid meanwhile, or a timer of a faster clock
    loan.arrears_noted = threshold
    loan.wait_reason = WaitReason.ARREARS
    record(session, "instalment.overdue", at, loan_id=loan_id, threshold=threshold, days=late)
    await _have_it_watched(session, loan, threshold, at)
    if threshold >= ARREARS_THRESHOLDS[1]:
        key = f"arrears:{loan_id}:{threshold}"
        await open_incident(session, key, "arrears", at, loan_id, days=threshold)


async def _have_it_watched(session: AsyncSession, loan: Loan, threshold: int, at: datetime) -> None:
    """The customer's signals are looked at now and the day after: some count from above."""
    today = await business_date(session, at)
    for n in range(2):
        cause, on = f"arrears:{loan.id}:{threshold + n}", today + timedelta(days=n)
        await add_work(session, loan.customer_id, WorkKind.WATCH, cause, at, due_on=on)


async def close_note(session: AsyncSession, loan_id: UUID, at: datetime, version: int) -> None:
    """The last cent is paid: money held beyond it is promised back, and the case is settled."""
    loan = await locked_loan(session, loan_id)
    if loan.status != CaseStatus.ACTIVE:
        return
    today = await business_date(session, at)
    for receipt in await held_receipts(session, loan_id):
        key, amount = f"refund:{receipt.id}", receipt.suspense
        due = RefundDue(
            key=key,
            value_on=today,
            recorded_on=today,
            amount=amount,
            receipt_key=event_key_of(receipt),
        )
        receipt.refund_pending += amount
        receipt.suspense = Decimal(0)
        await append_events(session, loan, [due], at)
        await open_incident(session, key, "refund_pending", at, loan_id, amount=str(amount))
    loan.next_due_on = None
    await end_case(session, loan, CaseStatus.SETTLED, "repaid_in_full", at, version)


def _next_due(rows: Sequence[Any], clock: BusinessClock) -> NextStep | None:
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
