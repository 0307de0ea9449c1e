"""A case's money: what was asked and agreed, its contract, drawdown, release and payout."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.drawdowns import Commitment
from domain.process import CaseStatus
from persistence.commitments import commitment_of
from persistence.queries.deadlines import day_counter
from persistence.queries.names import BilingualName
from persistence.tables import Contract, Drawdown, Loan, Payout, ReleaseSign, Staff


@dataclass(frozen=True, slots=True)
class LoanFigures:
    """The case's own figures; amounts in its currency, the rate a yearly fraction."""

    amount: Decimal
    currency: str
    tenor_months: int
    method: str
    grade: str | None
    yearly_rate: Decimal | None
    outstanding: Decimal
    next_due_on: date | None
    conditions_met_at: datetime | None
    promise_on: date | None
    promise_at: datetime | None
    drawn_on: date | None
    paid_out_at: datetime | None


@dataclass(frozen=True, slots=True)
class ContractView:
    """The loan contract."""

    number: str
    terms_sha256: str
    document_hashes: dict[str, str]
    principal: Decimal
    currency: str
    yearly_rate: Decimal
    penalty_uplift: Decimal
    effective_at: datetime | None


@dataclass(frozen=True, slots=True)
class DrawdownView:
    """A request for money under the contract; `terms_sha256` is what release officers sign.

    `requested_by` is the account of who asked for a later one; the first is the process's own.
    """

    number: int
    amount: Decimal
    currency: str
    payee_name: str
    payee_account: str
    payee_bank_code: str | None
    method: str
    terms_sha256: str
    status: str
    requested_at: datetime
    requested_by: UUID | None


@dataclass(frozen=True, slots=True)
class ReleaseSignView:
    """One release officer's signature."""

    hand: str
    name: BilingualName
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class PayoutView:
    """The payment order; `reference` is the rail's own."""

    key: str
    status: str
    reference: str | None
    reason: str | None
    intended_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseMoney:
    """`promise_days` counts working days to the promised payout; None without a running promise.

    `commitment` is how far a loan is drawn that was agreed to be drawn in parts.
    """

    contract: ContractView | None
    drawdown: DrawdownView | None
    signs: tuple[ReleaseSignView, ...]
    payout: PayoutView | None
    promise_days: int | None
    commitment: Commitment | None


def loan_figures(loan: Loan) -> LoanFigures:
    """The figures of a case's row."""
    return LoanFigures(**{name: getattr(loan, name) for name in LoanFigures.__slots__})


async def case_money(session: AsyncSession, loan_id: UUID, now: datetime) -> CaseMoney:
    """The contract, its newest drawdown, who released it and how the payout went."""
    contract = await session.get(Contract, loan_id)
    newest = select(Drawdown).where(col(Drawdown.loan_id) == loan_id)
    newest = newest.order_by(col(Drawdown.number).desc()).limit(1)
    drawdown = (await session.execute(newest)).scalars().first()
    number = drawdown.number if drawdown else 0
    sent = select(Payout).where(col(Payout.loan_id) == loan_id, col(Payout.drawdown) == number)
    payout = (await session.execute(sent)).scalars().first()
    return CaseMoney(
        contract=_copied(contract, ContractView),
        drawdown=_copied(drawdown, DrawdownView),
        signs=await _signs(session, loan_id, number),
        payout=_copied(payout, PayoutView),
        promise_days=await _promise_days(session, loan_id, now),
        commitment=await _commitment(session, loan_id),
    )


async def drawdown_of(
    session: AsyncSession, loan_id: UUID, number: int
) -> tuple[Decimal, str] | None:
    """The amount and currency of one drawdown."""
    drawdown = await session.get(Drawdown, (loan_id, number))
    return (drawdown.amount, drawdown.currency) if drawdown else None


async def _commitment(session: AsyncSession, loan_id: UUID) -> Commitment | None:
    loan = await session.get(Loan, loan_id)
    return await commitment_of(session, loan) if loan else None


async def _signs(session: AsyncSession, loan_id: UUID, number: int) -> tuple[ReleaseSignView, ...]:
    statement = (
        select(
            col(ReleaseSign.hand),
            col(Staff.name_zh),
            col(Staff.name_en),
            col(ReleaseSign.signed_at),
        )
        .join(Staff, col(Staff.id) == col(ReleaseSign.staff_id))
        .where(col(ReleaseSign.loan_id) == loan_id, col(ReleaseSign.number) == number)
        .order_by(col(ReleaseSign.signed_at))
    )
    return tuple(_sign(row) for row in (await session.execute(statement)).all())


def _sign(row: Row[*tuple[Any, ...]]) -> ReleaseSignView:
    return ReleaseSignView(row.hand, BilingualName(row.name_zh, row.name_en), row.signed_at)


async def _promise_days(session: AsyncSession, loan_id: UUID, now: datetime) -> int | None:
    statement = select(col(Loan.promise_at)).where(
        col(Loan.id) == loan_id,
        col(Loan.paid_out_at).is_(None),
        col(Loan.status) == CaseStatus.ACTIVE.value,
    )
    promise_at = (await session.execute(statement)).scalar_one_or_none()
    return None if promise_at is None else (await day_counter(session, now)).days_left(promise_at)


def _copied(row: Any, view: type[Any]) -> Any:
    """A row's columns as the frozen value that leaves persistence."""
    return None if row is None else view(**{name: getattr(row, name) for name in view.__slots__})
