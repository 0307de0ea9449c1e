"""What became of a payout: sent, accepted, settled into the books, rejected or unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.accounts.events import Drawdown as DrawdownEvent
from domain.process import Stage, WaitReason
from persistence.accounts import append_events
from persistence.audit import record
from persistence.calendar_moves import take_calendars
from persistence.clock import business_clock
from persistence.customer_standing import unlent_reason
from persistence.incidents import close_incident, open_incident
from persistence.limits import consume, release
from persistence.stages import enter_stage, locked_loan
from persistence.tables import Drawdown, Loan, Payout

FINAL = ("settled", "rejected", "stopped")
"""A payout is stopped by the bank itself, before the rail has heard of it."""


@dataclass(frozen=True)
class PayoutOrder:
    """A payout as the rail is told of it."""

    key: str
    loan_id: str
    amount: Decimal
    currency: str
    payee_name: str
    payee_account: str
    payee_bank_code: str | None
    status: str


async def payout_order(session: AsyncSession, key: str) -> PayoutOrder:
    """The payout's order and where it stands."""
    payout = await session.get_one(Payout, key)
    return PayoutOrder(
        key=payout.key,
        loan_id=str(payout.loan_id),
        amount=payout.amount,
        currency=payout.currency,
        payee_name=payout.payee_name,
        payee_account=payout.payee_account,
        payee_bank_code=payout.payee_bank_code,
        status=payout.status,
    )


async def mark_sent(session: AsyncSession, key: str, at: datetime) -> str | None:
    """Note, before the rail is called, that it may have been called; None means: call it.

    This is the last moment at which the bank can keep its money. Where it does not lend to the
    customer any more, a payout that was never sent is `stopped`; one the rail may have heard of
    already is not sent again, and stays `unknown` until the rail says what became of it.
    """
    payout = await session.get_one(Payout, key, with_for_update=True)
    loan = await session.get_one(Loan, payout.loan_id)
    refused = await unlent_reason(session, loan.customer_id)
    if refused is not None:
        return await _held_back(session, payout, loan, refused, at)
    if payout.status == "intent":
        payout.status = "sent"
        record(session, "payout.sent", at, loan_id=payout.loan_id, subject=key)
    return None


async def _held_back(
    session: AsyncSession, payout: Payout, loan: Loan, refused: str, at: datetime
) -> str:
    if payout.status != "intent":
        await mark_unknown(session, payout.key, at)
        return "unknown"
    payout.status, payout.reason = "stopped", refused
    drawdown = await session.get_one(Drawdown, (payout.loan_id, payout.drawdown))
    drawdown.status, drawdown.stopped_for = "refused", refused
    await release(session, loan, "drawdown_stopped", at, drawdown.number)
    record(
        session, "payout.stopped", at, loan_id=payout.loan_id, subject=payout.key, reason=refused
    )
    return payout.status


async def mark_unknown(session: AsyncSession, key: str, at: datetime) -> None:
    """The rail does not answer: say so, open an incident, and go on asking by key."""
    payout = await session.get_one(Payout, key, with_for_update=True)
    if payout.status in FINAL or payout.status == "unknown":
        return
    payout.status = "unknown"
    record(session, "payout.unknown", at, loan_id=payout.loan_id, subject=key)
    await open_incident(session, f"payout_unknown:{key}", "payout_unknown", at, payout.loan_id)


async def apply_payment_state(
    session: AsyncSession, key: str, status: str, reference: str, reason: str | None, at: datetime
) -> str:
    """Bring the rail's word into the books; a final state never changes again. Returns it."""
    payout = await session.get(Payout, key, with_for_update=True)
    if payout is None:
        return "foreign"
    if payout.status in FINAL:
        return payout.status
    payout.reference = reference
    payout.reason = reason
    if payout.status != status:
        payout.status = status
        record(
            session,
            f"payout.{status}",
            at,
            loan_id=payout.loan_id,
            subject=key,
            reference=reference,
        )
    await close_incident(session, f"payout_unknown:{key}", at, f"the rail answered: {status}")
    if status == "settled":
        await _settle(session, payout, at)
    if status == "rejected":
        await _reject(session, payout, reason, at)
    return status


async def next_drawdown(session: AsyncSession, loan_id: UUID) -> int:
    """The number a next drawdown of the loan would have."""
    statement = select(func.max(col(Drawdown.number))).where(col(Drawdown.loan_id) == loan_id)
    return ((await session.execute(statement)).scalar_one() or 0) + 1


async def enter_repayment(session: AsyncSession, loan_id: UUID, at: datetime, version: int) -> None:
    """The money is out: the case now waits for its instalments."""
    loan = await locked_loan(session, loan_id)
    clock = await business_clock(session)
    deadline_at = clock.end_of(loan.next_due_on) if loan.next_due_on else None
    await enter_stage(
        session, loan, Stage.REPAYMENT, WaitReason.INSTALMENT_DUE, at, version, deadline_at
    )


async def _settle(session: AsyncSession, payout: Payout, at: datetime) -> None:
    """One transaction: settled, released in the ledger, the note's schedule drawn."""
    loan = await locked_loan(session, payout.loan_id)
    drawdown = await session.get_one(Drawdown, (loan.id, payout.drawdown))
    drawn_on = (await business_clock(session)).business_date(at)
    payout.settled_at = at
    drawdown.status = "settled"
    await consume(session, loan, drawdown.number, at)
    first = loan.drawn_on is None
    if first:
        loan.drawn_on, loan.paid_out_at = drawn_on, at
    drawn = DrawdownEvent(
        key=payout.key, value_on=drawn_on, recorded_on=drawn_on, amount=payout.amount
    )
    account = await append_events(session, loan, [drawn], at)
    await take_calendars(session, loan, at)
    if first:
        record(session, "note.drawn", at, loan_id=loan.id, instalments=len(account.lines))


async def _reject(session: AsyncSession, payout: Payout, reason: str | None, at: datetime) -> None:
    drawdown = await session.get_one(Drawdown, (payout.loan_id, payout.drawdown))
    drawdown.status = "rejected"
    loan = await session.get_one(Loan, payout.loan_id)
    await release(session, loan, "payout_rejected", at, drawdown.number)
    key = f"payout_rejected:{payout.key}"
    await open_incident(session, key, "payout_rejected", at, payout.loan_id, reason=reason)
