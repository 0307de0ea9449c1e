"""Held money on its way back: proposed, approved by another person, paid by the rail at most once.

Money that is approved leaves suspense for what the bank owes (应付退款), and from there the bank.
What the rail rejects is held again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.commands import Receipt as Answer
from domain.refunds import (
    OPERATORS,
    REASON_MAX,
    DecideRefund,
    ProposeRefund,
    RefundStatus,
    checked_payee,
)
from domain.violations import DutyViolation, LoanRuleViolation
from persistence.audit import record
from persistence.incidents import close_incident, open_incident
from persistence.refund_money import end_promise, held_of, promise
from persistence.stages import take_role
from persistence.tables import Receipt, Refund
from persistence.tables.statements import OPEN_REFUNDS

REFUND_KEY = "refund:"
FINAL = (RefundStatus.SETTLED, RefundStatus.FAILED, RefundStatus.REJECTED)


@dataclass(frozen=True)
class RefundOrder:
    """A refund as the rail is told of it."""

    key: str
    case: str
    amount: Decimal
    currency: str
    payee_name: str
    payee_account: str
    payee_bank_code: str | None
    status: str


async def propose_refund(session: AsyncSession, command: ProposeRefund, at: datetime) -> Answer:
    """Ask that all that is held of a receipt goes back.

    Violations: `duty.role`, `receipt.unknown`, `refund.nothing_held`, `refund.open`, findings.
    """
    if await session.get(Refund, command.refund_id) is not None:
        return Answer(accepted=True)
    staff = await take_role(session, command.actor, OPERATORS)
    payee = checked_payee(command.payee, command.reason)
    receipt = await session.get(Receipt, command.receipt_id, with_for_update=True)
    if receipt is None:
        raise LoanRuleViolation("receipt.unknown")
    await _refuse_second(session, receipt.id)
    amount, promised = held_of(receipt)
    refund = Refund(
        id=command.refund_id,
        key=f"{REFUND_KEY}{command.refund_id}",
        receipt_id=receipt.id,
        loan_id=receipt.loan_id,
        amount=amount,
        currency=receipt.currency,
        payee_name=payee.name,
        payee_account=payee.account,
        payee_bank_code=payee.bank_code,
        reason=command.reason.strip(),
        status=RefundStatus.PROPOSED,
        promised=promised,
        proposed_by=staff.id,
        proposer_person_id=staff.person_id,
        proposed_at=at,
    )
    session.add(refund)
    _note(session, "refund.proposed", refund, at, command)
    return Answer(accepted=True)


async def decide_refund(session: AsyncSession, command: DecideRefund, at: datetime) -> Answer:
    """Approve another's proposal, or reject one.

    Violations: `refund.unknown`, `refund.not_open`, `refund.comment`, `refund.money_moved`,
    `duty.role`, `duty.own_proposal`.
    """
    refund = await session.get(Refund, command.refund_id, with_for_update=True)
    if refund is None:
        raise LoanRuleViolation("refund.unknown")
    staff = await take_role(session, command.actor, OPERATORS)
    if (
        refund.decided_by == staff.id
        and (refund.status == RefundStatus.REJECTED) != command.approve
    ):
        return Answer(accepted=True)  # the same act again
    if refund.status != RefundStatus.PROPOSED:
        raise LoanRuleViolation("refund.not_open")
    if len(command.comment) > REASON_MAX:
        raise LoanRuleViolation("text.too_long", max=str(REASON_MAX))
    if not command.approve and not command.comment.strip():
        raise LoanRuleViolation("refund.comment")
    if command.approve and staff.person_id == refund.proposer_person_id:
        raise DutyViolation("duty.own_proposal")
    refund.status = RefundStatus.APPROVED if command.approve else RefundStatus.REJECTED
    refund.decided_by, refund.decided_at = staff.id, at
    refund.comment = command.comment.strip() or None
    refund.ended_at = None if command.approve else at
    if command.approve:
        await promise(session, refund, at, command.actor)
    _note(session, f"refund.{refund.status}", refund, at, command)
    return Answer(accepted=True)


async def refund_order(session: AsyncSession, refund_id: UUID) -> RefundOrder:
    """The refund's order and where it stands."""
    refund = await session.get_one(Refund, refund_id)
    return RefundOrder(
        key=refund.key,
        case=str(refund.loan_id or refund.id),
        amount=refund.amount,
        currency=refund.currency,
        payee_name=refund.payee_name,
        payee_account=refund.payee_account,
        payee_bank_code=refund.payee_bank_code,
        status=refund.status,
    )


async def mark_refund(
    session: AsyncSession, refund_id: UUID, status: RefundStatus, at: datetime
) -> None:
    """Note that the rail may have been called, or that it does not answer."""
    refund = await session.get_one(Refund, refund_id, with_for_update=True)
    if refund.status in FINAL or refund.status == status:
        return
    if status is RefundStatus.SENT and refund.status != RefundStatus.APPROVED:
        return
    refund.status = status
    record(session, f"refund.{status}", at, loan_id=refund.loan_id, subject=refund.key)
    if status is RefundStatus.UNKNOWN:
        await open_incident(session, f"unknown:{refund.key}", "refund_unknown", at, refund.loan_id)


async def apply_refund_state(
    session: AsyncSession, key: str, status: str, reference: str, reason: str | None, at: datetime
) -> str:
    """Bring the rail's word on a refund into the books; a final state never changes again."""
    refund = await refund_named(session, key)
    if refund is None:
        return "foreign"
    if refund.status in FINAL:
        return refund.status
    refund.status = RefundStatus.FAILED if status == "rejected" else RefundStatus(status)
    refund.reference, refund.rail_reason = reference, reason
    await close_incident(session, f"unknown:{key}", at, f"the rail answered: {status}")
    if refund.status in FINAL:
        refund.ended_at = at
        await end_promise(session, refund, at)
        _note(session, f"refund.{refund.status}", refund, at)
    return refund.status


async def refund_named(session: AsyncSession, key: str) -> Refund | None:
    """The refund of a key, locked."""
    statement = select(Refund).where(col(Refund.key) == key).with_for_update()
    return (await session.execute(statement)).scalar_one_or_none()


async def _refuse_second(session: AsyncSession, receipt_id: UUID) -> None:
    open_one = select(col(Refund.id)).where(
        col(Refund.receipt_id) == receipt_id, col(Refund.status).in_(OPEN_REFUNDS)
    )
    if (await session.execute(open_one.limit(1))).first() is not None:
        raise LoanRuleViolation("refund.open")


def _note(
    session: AsyncSession,
    action: str,
    refund: Refund,
    at: datetime,
    command: ProposeRefund | DecideRefund | None = None,
) -> None:
    record(
        session,
        action,
        at,
        loan_id=refund.loan_id,
        subject=refund.key,
        actor=command.actor if command else None,
        amount=str(refund.amount),
        currency=refund.currency,
        receipt=str(refund.receipt_id),
    )
