"""Held money that finds its loan, and posted money that was not the loan's: shown first, then done.

Both run the loan's account anew from the money's own day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.accounts import fold
from domain.accounts.events import Event, Reversal
from domain.accounts.events import Receipt as ReceiptEvent
from domain.changes import Difference, compare
from domain.commands import Receipt as Answer
from domain.ledger import suspense_release_journal
from domain.money import Currency
from domain.process import CaseStatus
from domain.refunds import OPERATORS, MatchReceipt, ReverseReceipt
from domain.violations import LoanRuleViolation, StaleViolation
from persistence.account_backfill import earlier_events
from persistence.account_shares import event_key_of, receipt_key
from persistence.accounts import account_terms, append_events, events_of, working_day
from persistence.audit import has_taken_effect
from persistence.clock import business_date
from persistence.incidents import close_incident
from persistence.journals import book
from persistence.receipts import note_posted
from persistence.receipts_reversed import unpost_receipt
from persistence.stages import locked_loan, take_role
from persistence.tables import Loan, Receipt, Refund
from persistence.tables.statements import OPEN_REFUNDS

_ACTIONS = ("receipt.posted", "receipt.reversed")
REASON_MAX = 200


@dataclass(frozen=True)
class ShownMoney:
    """What booking money, or taking it out, does to a loan, and the events it was made from."""

    difference: Difference
    seen_events: int


async def preview_match(
    session: AsyncSession, loan_id: UUID, receipt_id: UUID, now: datetime
) -> ShownMoney:
    """What a loan's account is with held money in it. Violations: as `match_receipt`."""
    loan, receipt = await _both(session, loan_id, receipt_id)
    await _refuse_match(session, loan, receipt, now)
    return await _shown(session, loan, await _matched(session, receipt, now), now)


async def preview_reversal(
    session: AsyncSession, loan_id: UUID, receipt_id: UUID, now: datetime
) -> ShownMoney:
    """What a loan's account is without money that was posted to it."""
    loan, receipt = await _both(session, loan_id, receipt_id)
    if receipt.loan_id != loan.id or receipt.suspense_reason not in (None, "surplus"):
        raise LoanRuleViolation("receipt.not_posted")
    if receipt.returned:
        raise LoanRuleViolation("receipt.reversed")
    key, today = event_key_of(receipt), await business_date(session, now)
    without = Reversal(
        key=f"reverse:{key}", value_on=receipt.value_on, recorded_on=today, reversed_key=key
    )
    return await _shown(session, loan, without, now)


async def match_receipt(session: AsyncSession, command: MatchReceipt, at: datetime) -> Answer:
    """Book held money to a loan, whole, for the day it came.

    Violations: `case.closed`, `duty.role`, `receipt.unknown`, `suspense.not_open`,
    `suspense.refund_open`, `suspense.wrong_currency`, `suspense.before_drawdown`,
    `suspense.value_ahead`, `account.not_drawn`, StaleViolation `stale.account`.
    """
    loan = await locked_loan(session, command.loan_id)
    if await has_taken_effect(session, loan.id, _ACTIONS, command.command_id):
        return _done(loan)
    await take_role(session, command.actor, OPERATORS)
    receipt = await _locked(session, command.receipt_id)
    await _refuse_match(session, loan, receipt, at)
    await _refuse_stale(session, loan, command.seen_events)
    if loan.booked_to_on is None:  # what came before events were kept is recorded without this
        await append_events(session, loan, [], at)
    event = await _matched(session, receipt, at)
    today, currency = await business_date(session, at), Currency(receipt.currency)
    left = suspense_release_journal(f"unhold:{event.key}", today, receipt.amount, currency)
    await book(session, left, at, None)
    receipt.loan_id, receipt.event_key, receipt.suspense_reason = loan.id, event.key, None
    note_posted(session, receipt, at, command.actor, command.command_id)
    await append_events(session, loan, [event], at, back_dated=True, actor=command.actor)
    await close_incident(session, f"suspense:{receipt.id}", at, "matched")
    return _done(loan)


async def reverse_posted(session: AsyncSession, command: ReverseReceipt, at: datetime) -> Answer:
    """Take money out of the loan it was posted to; it is held again until it finds its own.

    Violations: `duty.role`, `suspense.reason`, those of `unpost_receipt`, StaleViolation.
    """
    loan = await locked_loan(session, command.loan_id)
    if await has_taken_effect(session, loan.id, _ACTIONS, command.command_id):
        return _done(loan)
    await take_role(session, command.actor, OPERATORS)
    reason = command.reason.strip()
    if not reason or len(reason) > REASON_MAX:
        raise LoanRuleViolation("suspense.reason", max=str(REASON_MAX))
    receipt = await _locked(session, command.receipt_id)
    if receipt.loan_id != loan.id:
        raise LoanRuleViolation("receipt.not_posted")
    await _refuse_open_refund(session, receipt)
    await _refuse_stale(session, loan, command.seen_events)
    await unpost_receipt(session, receipt.id, reason, command.actor, at, command.command_id)
    return _done(loan)


async def _shown(session: AsyncSession, loan: Loan, event: Event, now: datetime) -> ShownMoney:
    terms = await account_terms(session, loan)
    events = await events_of(session, loan.id) or await earlier_events(session, loan)
    is_working = await working_day(session, terms)
    on = max(await business_date(session, now), event.value_on)
    before = fold(terms, events, on, is_working)
    after = fold(terms, [*events, event], on, is_working)
    return ShownMoney(compare(before, after), len(events))


async def _matched(session: AsyncSession, receipt: Receipt, at: datetime) -> ReceiptEvent:
    """The money as an event of its own: a second time it is matched, it is another one."""
    first = receipt_key(receipt.id)
    times = int(receipt.event_key.rpartition(":")[2]) if receipt.event_key else 1
    return ReceiptEvent(
        key=f"{first}:{times + 1}",
        value_on=receipt.value_on,
        recorded_on=await business_date(session, at),
        amount=receipt.amount,
    )


async def _refuse_match(session: AsyncSession, loan: Loan, receipt: Receipt, at: datetime) -> None:
    if loan.status != CaseStatus.ACTIVE:
        raise LoanRuleViolation("case.closed")
    if loan.drawn_on is None:
        raise LoanRuleViolation("account.not_drawn")
    if receipt.suspense != receipt.amount or receipt.suspense_reason in (None, "surplus"):
        raise LoanRuleViolation("suspense.not_open")
    await _refuse_open_refund(session, receipt)
    if receipt.currency != loan.currency:
        raise LoanRuleViolation("suspense.wrong_currency", currency=loan.currency)
    if receipt.value_on < loan.drawn_on:
        raise LoanRuleViolation("suspense.before_drawdown", drawn_on=loan.drawn_on.isoformat())
    if receipt.value_on > await business_date(session, at):
        raise LoanRuleViolation("suspense.value_ahead")


async def _refuse_open_refund(session: AsyncSession, receipt: Receipt) -> None:
    open_one = select(col(Refund.id)).where(
        col(Refund.receipt_id) == receipt.id, col(Refund.status).in_(OPEN_REFUNDS)
    )
    if (await session.execute(open_one.limit(1))).first() is not None:
        raise LoanRuleViolation("suspense.refund_open")


async def _refuse_stale(session: AsyncSession, loan: Loan, seen_events: int) -> None:
    known = await events_of(session, loan.id) or await earlier_events(session, loan)
    if len(known) != seen_events:
        raise StaleViolation("stale.account")


async def _both(session: AsyncSession, loan_id: UUID, receipt_id: UUID) -> tuple[Loan, Receipt]:
    loan, receipt = await session.get(Loan, loan_id), await session.get(Receipt, receipt_id)
    if loan is None:
        raise LoanRuleViolation("case.unknown")
    if receipt is None:
        raise LoanRuleViolation("receipt.unknown")
    return loan, receipt


async def _locked(session: AsyncSession, receipt_id: UUID) -> Receipt:
    receipt = await session.get(Receipt, receipt_id, with_for_update=True)
    if receipt is None:
        raise LoanRuleViolation("receipt.unknown")
    return receipt


def _done(loan: Loan) -> Answer:
    return Answer(accepted=True, case_number=loan.case_number, version=loan.version)
