"""What a refund does to the money: promised when it is approved, gone or held again at its end.

Money of no account goes from suspense to what the bank owes by journals of its own. Money a loan's
account holds is promised, paid or held again by events of that account, which books them. Money
promised at a loan's end is owed already.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.accounts.events import RefundDue, RefundFailed, RefundPaid
from domain.accounts.money_back import refuse_refund
from domain.ledger import Journal, refund_failed_journal, refund_journal, refund_paid_journal
from domain.money import Currency
from domain.people import Actor
from domain.refunds import RefundStatus
from domain.violations import LoanRuleViolation
from persistence.account_shares import event_key_of
from persistence.accounts import append_events
from persistence.clock import business_date
from persistence.incidents import close_incident, open_incident
from persistence.journals import book
from persistence.stages import locked_loan
from persistence.tables import AccountEvent, Loan, Receipt, Refund

_OF_ACCOUNT = (None, "surplus")


def held_of(receipt: Receipt) -> tuple[Decimal, bool]:
    """What of a receipt can go back, and whether it was promised before.

    Violation: `refund.nothing_held`.
    """
    if receipt.refund_pending > 0:
        return receipt.refund_pending, True
    if receipt.suspense > 0:
        return receipt.suspense, False
    raise LoanRuleViolation("refund.nothing_held")


async def promise(session: AsyncSession, refund: Refund, at: datetime, actor: Actor) -> None:
    """From now on the money is owed to its payer and can pay nothing else.

    Violations: `refund.money_moved` where it is no longer what was proposed,
    `account.refund_above_held`.
    """
    receipt = await session.get_one(Receipt, refund.receipt_id, with_for_update=True)
    loan = await _account_of(session, receipt)
    account = None
    if loan is not None and not refund.promised:
        account = await append_events(session, loan, [], at)  # what fell due has taken its part
    if held_of(receipt) != (refund.amount, refund.promised):
        raise LoanRuleViolation("refund.money_moved")
    if refund.promised:
        return
    today = await business_date(session, at)
    receipt.suspense -= refund.amount
    receipt.refund_pending += refund.amount
    if loan is not None and account is not None:
        refuse_refund(account, refund.amount)
        due = RefundDue(
            key=refund.key,
            value_on=today,
            recorded_on=today,
            amount=refund.amount,
            receipt_key=event_key_of(receipt),
        )
        await append_events(session, loan, [due], at, actor=actor)
        return
    currency = Currency(refund.currency)
    await book(
        session, refund_journal(f"promise:{refund.key}", today, refund.amount, currency), at, None
    )


async def end_promise(session: AsyncSession, refund: Refund, at: datetime) -> None:
    """The rail's last word: paid and gone, or not paid and held as before."""
    receipt = await session.get_one(Receipt, refund.receipt_id, with_for_update=True)
    paid = refund.status == RefundStatus.SETTLED
    if not paid:
        reason, key = refund.rail_reason, f"failed:{refund.key}"
        await open_incident(session, key, "refund_failed", at, refund.loan_id, reason=reason)
        if refund.promised:
            return  # the promise stands as it stood
    receipt.refund_pending -= refund.amount
    if paid:
        receipt.returned += refund.amount
        for incident in (f"suspense:{receipt.id}", f"refund:{receipt.id}"):
            await close_incident(session, incident, at, "refunded")
    else:
        receipt.suspense += refund.amount
    await _book_end(session, refund, receipt, at)


async def _book_end(session: AsyncSession, refund: Refund, receipt: Receipt, at: datetime) -> None:
    """By an event where an account promised the money, else by a journal."""
    paid, today = refund.status == RefundStatus.SETTLED, await business_date(session, at)
    key = f"paid:{refund.key}" if paid else f"failed:{refund.key}"
    due_key = await _due_key(session, refund)
    loan = await _account_of(session, receipt)
    if loan is not None and due_key is not None:
        kind = RefundPaid if paid else RefundFailed
        event = kind(key=key, value_on=today, recorded_on=today, due_key=due_key)
        await append_events(session, loan, [event], at)
        return
    await book(session, _journal(refund, key, at_end=paid, on=today), at, None)


def _journal(refund: Refund, key: str, *, at_end: bool, on: date) -> Journal:
    made = refund_paid_journal if at_end else refund_failed_journal
    return made(key, on, refund.amount, Currency(refund.currency))


async def _due_key(session: AsyncSession, refund: Refund) -> str | None:
    """The account's own promise: this refund's, or the one made at the loan's end."""
    key = f"refund:{refund.receipt_id}" if refund.promised else refund.key
    statement = select(col(AccountEvent.key)).where(
        col(AccountEvent.loan_id) == refund.loan_id,
        col(AccountEvent.key) == key,
        col(AccountEvent.kind) == "refund_due",
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def _account_of(session: AsyncSession, receipt: Receipt) -> Loan | None:
    """The loan whose account holds the money, locked; None for money of no account."""
    if receipt.loan_id is None or receipt.suspense_reason not in _OF_ACCOUNT:
        return None
    return await locked_loan(session, receipt.loan_id)
