"""A loan's money put straight into the tables: contract, drawdown, note, receipts and books."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from domain.ledger import Journal, receipt_journal, release_journal
from domain.money import Currency
from domain.repayments import Allocation, Bucket
from domain.schedules import LoanTerms, RepaymentMethod, ScheduleLine, build_schedule
from persistence.clock import business_date
from persistence.tables import (
    AllocationRow,
    Contract,
    Drawdown,
    Instalment,
    JournalLine,
    JournalRow,
    Loan,
    Payout,
    Receipt,
    ReleaseSign,
)

AMOUNT = Decimal("1200000.00")
RATE = Decimal("0.0435")
TERMS = "a" * 64
BORROWER = "苏州华纺精密机械有限公司"
PAYEE = "江苏沙钢物资贸易有限公司"


def put_contract(session: AsyncSession, loan_id: UUID, now: datetime) -> None:
    session.add(
        Contract(
            loan_id=loan_id,
            number=f"HT-{loan_id.hex[:8]}",
            terms={},
            terms_sha256=TERMS,
            document_hashes={},
            principal=AMOUNT,
            currency="CNY",
            yearly_rate=RATE,
            penalty_uplift=Decimal("0.5"),
            effective_at=now,
        )
    )


def put_drawdown(session: AsyncSession, loan_id: UUID, now: datetime, *, settled: bool) -> None:
    order: dict[str, Any] = {
        "loan_id": loan_id,
        "amount": AMOUNT,
        "currency": "CNY",
        "payee_name": PAYEE,
        "payee_account": "6222020200112233445",
        "payee_bank_code": "313651027012",
    }
    session.add(
        Drawdown(
            number=1,
            method="transfer",
            terms_sha256=TERMS,
            status="settled" if settled else "requested",
            requested_at=now,
            **order,
        )
    )
    if settled:
        session.add(
            Payout(
                key=f"disb:{loan_id}:1",
                drawdown=1,
                status="settled",
                reference="R-20260302-77",
                intended_at=now,
                settled_at=now,
                **order,
            )
        )


async def put_note(session: AsyncSession, loan_id: UUID, overdue_days: int, now: datetime) -> None:
    """Two instalments have come due; the first is paid, the second too unless it is overdue."""
    today = await business_date(session, now)
    drawn_on = today - timedelta(days=40 + overdue_days)
    terms = LoanTerms(AMOUNT, Currency.CNY, RATE, 12, RepaymentMethod.EQUAL_INSTALMENT, drawn_on)
    lines = build_schedule(terms)
    paid = 0 if overdue_days else 1
    for line in lines:
        done = line.n <= paid
        session.add(
            Instalment(
                loan_id=loan_id,
                n=line.n,
                period_start_on=line.period_start_on,
                due_on=line.due_on,
                principal=line.principal,
                interest=line.interest,
                balance_after=line.balance_after,
                principal_paid=line.principal if done else Decimal(0),
                interest_paid=line.interest if done else Decimal(0),
                paid_on=line.due_on if done else None,
            )
        )
    loan = await session.get_one(Loan, loan_id)
    loan.outstanding, loan.drawn_on, loan.paid_out_at = lines[0].balance_after, drawn_on, now
    loan.next_due_on = lines[paid].due_on
    key = f"release:{loan_id}"
    await _book(session, release_journal(key, drawn_on, AMOUNT, Currency.CNY), loan_id, now)
    if paid:
        await _put_receipt(session, loan_id, lines[0], now)


async def _put_receipt(
    session: AsyncSession, loan_id: UUID, line: ScheduleLine, now: datetime
) -> None:
    amount = line.interest + line.principal
    receipt = Receipt(
        id=uuid4(),
        provider="rail",
        transaction_id=f"T-{loan_id.hex[:8]}",
        loan_id=loan_id,
        amount=amount,
        currency="CNY",
        value_on=line.due_on,
        payer_name=BORROWER,
        posted=amount,
        received_at=now,
    )
    session.add(receipt)
    await session.flush()
    parts = [
        Allocation(Bucket.INTEREST, line.n, line.interest),
        Allocation(Bucket.PRINCIPAL, line.n, line.principal),
    ]
    for part in parts:
        session.add(
            AllocationRow(
                receipt_id=receipt.id,
                loan_id=loan_id,
                bucket=part.bucket,
                n=part.n,
                amount=part.amount,
            )
        )
    journal = receipt_journal(f"receipt:{receipt.id}", line.due_on, Currency.CNY, parts, Decimal(0))
    await _book(session, journal, loan_id, now)


async def _book(session: AsyncSession, journal: Journal, loan_id: UUID, now: datetime) -> None:
    row = JournalRow(
        key=journal.key,
        kind=journal.kind,
        loan_id=loan_id,
        business_on=journal.business_on,
        posted_at=now,
    )
    session.add(row)
    await session.flush()
    for line in journal.postings:
        session.add(
            JournalLine(
                journal_id=row.id or 0,
                account=line.account,
                amount=line.amount,
                currency=line.currency,
            )
        )


def put_release_sign(session: AsyncSession, loan_id: UUID, staff_id: UUID) -> None:
    """The first release officer's signature."""
    session.add(
        ReleaseSign(
            loan_id=loan_id,
            number=1,
            hand="release_reviewer",
            staff_id=staff_id,
            terms_sha256=TERMS,
            signed_at=datetime.now(UTC),
        )
    )
