"""Loans drawn before events were kept: their events are read once from drawdown and receipts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.accounts import Account
from domain.accounts.events import Drawdown, Event
from domain.accounts.events import Receipt as ReceiptEvent
from domain.ledger import LedgerAccount
from domain.repayments import Bucket
from domain.violations import LoanRuleViolation
from persistence.account_journals import ledger_of
from persistence.account_shares import receipt_key
from persistence.clock import business_clock
from persistence.incidents import open_incident
from persistence.instalments import instalments_of
from persistence.tables import JournalLine, JournalRow, Loan, Payout, Receipt

_COMPARED = (Bucket.PRINCIPAL, Bucket.INTEREST)


async def earlier_events(session: AsyncSession, loan: Loan) -> list[Event]:
    """What happened to a drawn loan nothing is recorded of, in the order it counted.

    Raises LoanRuleViolation `account.no_payout` where no settled payout says what was lent.
    """
    clock = await business_clock(session)
    statement = select(Payout).where(
        col(Payout.loan_id) == loan.id, col(Payout.status) == "settled"
    )
    payouts = (await session.execute(statement.order_by(col(Payout.drawdown)))).scalars().all()
    if not payouts or loan.drawn_on is None:
        raise LoanRuleViolation("account.no_payout")
    drawn = [
        Drawdown(
            key=payout.key, value_on=loan.drawn_on, recorded_on=loan.drawn_on, amount=payout.amount
        )
        for payout in payouts
    ]
    received = [
        ReceiptEvent(
            key=receipt_key(row.id),
            value_on=row.value_on,
            recorded_on=clock.business_date(row.received_at),
            amount=row.amount,
        )
        for row in await _receipts(session, loan.id)
    ]
    return [*drawn, *received]


async def check_backfill(session: AsyncSession, loan: Loan, account: Account, at: datetime) -> None:
    """Compare what follows from the events with what stood; a difference is somebody's case."""
    rows = {row.n: row for row in await instalments_of(session, loan.id)}
    wrong = [
        line.n
        for line in account.lines
        if line.n not in rows
        or any(line.owed.get(b, 0) != getattr(rows[line.n], b) for b in _COMPARED)
        or any(line.paid.get(b, 0) != getattr(rows[line.n], f"{b}_paid") for b in _COMPARED)
    ]
    if wrong or len(rows) != len(account.lines) or loan.outstanding != account.outstanding:
        key = f"account_backfill:{loan.id}"
        await open_incident(session, key, "account_differs", at, loan.id, instalments=len(wrong))


async def ledger_of_loan(session: AsyncSession, loan_id: UUID) -> Mapping[LedgerAccount, Decimal]:
    """The ledger's balances of a loan's own journals, as the engine knows them."""
    statement = (
        select(col(JournalLine.account), func.sum(col(JournalLine.amount)))
        .join(JournalRow, col(JournalRow.id) == col(JournalLine.journal_id))
        .where(col(JournalRow.loan_id) == loan_id, col(JournalRow.kind) != "suspense")
        .group_by(col(JournalLine.account))
    )
    rows = (await session.execute(statement)).all()
    return ledger_of({LedgerAccount(account): amount for account, amount in rows})


async def _receipts(session: AsyncSession, loan_id: UUID) -> Sequence[Receipt]:
    """Money that was posted to the loan: what was suspended for a reason never was."""
    statement = (
        select(Receipt)
        .where(
            col(Receipt.loan_id) == loan_id,
            col(Receipt.suspense_reason).is_(None) | (col(Receipt.suspense_reason) == "surplus"),
        )
        .order_by(col(Receipt.received_at), col(Receipt.id))
    )
    return (await session.execute(statement)).scalars().all()
