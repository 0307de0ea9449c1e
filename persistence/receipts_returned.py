"""Money the bank takes back after it came: wherever it lies by then, once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.ledger import suspense_release_journal
from domain.money import Currency
from domain.violations import LoanRuleViolation
from persistence.audit import record
from persistence.clock import business_date
from persistence.hashing import text_sha256
from persistence.incidents import close_incident, open_incident
from persistence.journals import book
from persistence.receipts_reversed import reverse_receipt
from persistence.tables import Incident, Receipt

UNMATCHED = "return_unmatched"
_SURPLUS = (None, "surplus")


async def take_back(session: AsyncSession, data: Mapping[str, Any], at: datetime) -> str:
    """Undo the receipt a return names; what cannot be undone is a person's case. The outcome.

    Raises KeyError and ArithmeticError for what no return is.
    """
    original, amount = str(data["original"]), Decimal(data["amount"])
    reason = str(data.get("reason") or "returned_by_bank")[:40]
    receipt = await _original(session, original, amount, str(data["currency"]))
    if receipt is None:
        await open_incident(
            session,
            _incident(original),
            "return",
            at,
            None,
            reason=UNMATCHED,
            amount=f"{amount:.2f}",
            currency=str(data["currency"]),
        )
        return UNMATCHED
    if receipt.returned == receipt.amount:
        return "duplicate"
    try:
        return await give_back(session, receipt, reason, at)
    except LoanRuleViolation as refused:
        key, loan_id = _incident(original), receipt.loan_id
        await open_incident(session, key, "return", at, loan_id, reason=refused.code)
        return f"refused:{refused.code}"[:60]


async def give_back(session: AsyncSession, receipt: Receipt, reason: str, at: datetime) -> str:
    """The money is gone: out of suspense, or out of the account it was posted to."""
    if receipt.suspense_reason in _SURPLUS and receipt.loan_id is not None:
        await reverse_receipt(session, receipt.id, reason, None, at)
        return "returned"
    if receipt.suspense != receipt.amount:
        raise LoanRuleViolation("receipt.promised")
    today, currency = await business_date(session, at), Currency(receipt.currency)
    key = f"return:{receipt.event_key or receipt.id}"
    journal = suspense_release_journal(key, today, receipt.amount, currency)
    await book(session, journal, at, receipt.loan_id)
    receipt.suspense, receipt.returned = Decimal(0), receipt.amount
    receipt.suspense_reason = "returned"
    await close_incident(session, f"suspense:{receipt.id}", at, "returned")
    record(
        session,
        "receipt.returned",
        at,
        loan_id=receipt.loan_id,
        subject=str(receipt.id),
        reason=reason,
        amount=str(receipt.amount),
    )
    return "returned"


async def returned_before(
    session: AsyncSession, number: str, amount: Decimal, currency: str
) -> bool:
    """Whether the news that money went back has overtaken the news that it came."""
    statement = select(col(Incident.detail)).where(
        col(Incident.key) == _incident(number), col(Incident.closed_at).is_(None)
    )
    detail = (await session.execute(statement)).scalar_one_or_none()
    if detail is None or detail.get("reason") != UNMATCHED:
        return False
    return (Decimal(detail["amount"]), detail["currency"]) == (amount, currency)


async def end_overtaken(session: AsyncSession, number: str, amount: Decimal, at: datetime) -> None:
    """The money that had gone back before it was told of: in and out, and nothing is left."""
    held = select(Receipt).where(
        col(Receipt.transaction_id) == number, col(Receipt.amount) == amount
    )
    receipt = (await session.execute(held.with_for_update())).scalars().first()
    if receipt is not None and receipt.suspense == receipt.amount:
        await give_back(session, receipt, "returned_by_bank", at)
        await close_incident(session, _incident(number), at, "returned")


async def _original(
    session: AsyncSession, number: str, amount: Decimal, currency: str
) -> Receipt | None:
    """The receipt a return names, whole: a part of one is a person's matter."""
    statement = (
        select(Receipt)
        .where(
            col(Receipt.transaction_id) == number,
            col(Receipt.amount) == amount,
            col(Receipt.currency) == currency,
        )
        .order_by(col(Receipt.received_at))
        .limit(1)
        .with_for_update()
    )
    return (await session.execute(statement)).scalar_one_or_none()


def _incident(original: str) -> str:
    return f"return:{text_sha256(original)[:32]}"
