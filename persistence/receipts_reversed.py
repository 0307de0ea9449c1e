"""Money posted that never counted: a mistake (误记冲正), or taken back by its bank (退票)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.accounts.events import Reversal
from domain.people import Actor
from domain.process import CaseStatus
from domain.violations import LoanRuleViolation
from persistence.account_shares import event_key_of
from persistence.accounts import append_events
from persistence.audit import record
from persistence.clock import business_date
from persistence.receipts import hold
from persistence.tables import Loan, Receipt


async def reverse_receipt(
    session: AsyncSession, receipt_id: UUID, reason: str, actor: Actor | None, at: datetime
) -> None:
    """The bank took the money back: the account runs again as if it had not come.

    Violations: `receipt.unknown`, `receipt.not_posted`, `receipt.reversed`, `receipt.promised`,
    `account.loan_closed`.
    """
    receipt = await _locked(session, receipt_id)
    await _run_without(session, receipt, reason, actor, at)


async def unpost_receipt(
    session: AsyncSession,
    receipt_id: UUID,
    reason: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> None:
    """The money was booked to the wrong loan: the account runs without it, and it is held again.

    Violations: as `reverse_receipt`.
    """
    receipt = await _locked(session, receipt_id)
    await _run_without(session, receipt, reason, actor, at, command_id)
    key = event_key_of(receipt)
    receipt.loan_id, receipt.returned = None, Decimal(0)
    await hold(session, receipt, "unposted", f"unpost:{key}", at)


async def _locked(session: AsyncSession, receipt_id: UUID) -> Receipt:
    receipt = await session.get(Receipt, receipt_id, with_for_update=True)
    if receipt is None:
        raise LoanRuleViolation("receipt.unknown")
    return receipt


async def _run_without(
    session: AsyncSession,
    receipt: Receipt,
    reason: str,
    actor: Actor | None,
    at: datetime,
    command_id: str | None = None,
) -> None:
    loan = await _reversible(session, receipt)
    today = await business_date(session, at)
    key = event_key_of(receipt)
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
        **({"command": command_id} if command_id else {}),
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
