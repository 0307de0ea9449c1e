"""What a refund does to the money: promised when it is approved, gone or held again at its end.

Money of no account goes from suspense to what the bank owes. Money a loan's account holds leaves
that account by an event, so that it pays no instalment meanwhile; money promised at a loan's end
is owed already.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from domain.accounts.events import Refund as RefundEvent
from domain.accounts.events import Reversal
from domain.ledger import (
    refund_failed_journal,
    refund_journal,
    refund_owed_journal,
    refund_paid_journal,
)
from domain.money import Currency
from domain.people import Actor
from domain.process import CaseStatus
from domain.refunds import RefundStatus
from domain.violations import LoanRuleViolation
from persistence.accounts import append_events
from persistence.clock import business_date
from persistence.incidents import close_incident, open_incident
from persistence.journals import book
from persistence.tables import Loan, Receipt, Refund

_SURPLUS = "surplus"


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

    Violation: `refund.money_moved` where it is no longer what was proposed.
    """
    loan = await _account_of(session, refund)
    receipt = await session.get_one(Receipt, refund.receipt_id, with_for_update=True)
    if loan is not None:
        await append_events(session, loan, [], at)  # what fell due since has taken its part
    if held_of(receipt) != (refund.amount, refund.promised):
        raise LoanRuleViolation("refund.money_moved")
    if refund.promised:
        return
    receipt.suspense -= refund.amount
    receipt.refund_pending += refund.amount
    today, currency = await business_date(session, at), Currency(refund.currency)
    key = f"promise:{refund.key}"
    if loan is None:
        journal = refund_journal(key, today, refund.amount, currency)
    else:
        event = RefundEvent(key=refund.key, value_on=today, recorded_on=today, amount=refund.amount)
        await append_events(session, loan, [event], at, actor=actor)
        journal = refund_owed_journal(key, today, refund.amount, currency)
    await book(session, journal, at, None)


async def end_promise(session: AsyncSession, refund: Refund, at: datetime) -> None:
    """The rail's last word: paid and gone, or not paid and held as before."""
    receipt = await session.get_one(Receipt, refund.receipt_id, with_for_update=True)
    if refund.status != RefundStatus.SETTLED:
        await _hold_again(session, refund, receipt, at)
        return
    today, currency = await business_date(session, at), Currency(refund.currency)
    receipt.refund_pending -= refund.amount
    receipt.returned += refund.amount
    journal = refund_paid_journal(f"paid:{refund.key}", today, refund.amount, currency)
    await book(session, journal, at, None)
    for incident in (f"suspense:{receipt.id}", f"refund:{receipt.id}"):
        await close_incident(session, incident, at, "refunded")


async def _hold_again(
    session: AsyncSession, refund: Refund, receipt: Receipt, at: datetime
) -> None:
    """A promise made before stands as it stood; any other is taken back."""
    reason = refund.rail_reason
    await open_incident(
        session, f"failed:{refund.key}", "refund_failed", at, refund.loan_id, reason=reason
    )
    if refund.promised:
        return
    receipt.refund_pending -= refund.amount
    receipt.suspense += refund.amount
    today, currency = await business_date(session, at), Currency(refund.currency)
    key, loan = f"failed:{refund.key}", await _account_of(session, refund)
    if loan is None:
        journal = refund_failed_journal(key, today, refund.amount, currency)
    else:
        undone = Reversal(
            key=f"reverse:{refund.key}",
            value_on=today,
            recorded_on=today,
            reversed_key=refund.key,
        )
        await append_events(session, loan, [undone], at)
        journal = refund_paid_journal(key, today, refund.amount, currency)
    await book(session, journal, at, None)


async def _account_of(session: AsyncSession, refund: Refund) -> Loan | None:
    """The loan whose account holds the money; None for money of no account, or one that ended."""
    receipt = await session.get_one(Receipt, refund.receipt_id)
    if refund.loan_id is None or refund.promised:
        return None
    if receipt.suspense_reason not in (None, _SURPLUS):
        return None
    loan = await session.get_one(Loan, refund.loan_id, with_for_update=True)
    if loan.status != CaseStatus.ACTIVE:
        raise LoanRuleViolation("refund.money_moved")
    return loan
