"""The lines of a schedule, between their rows and the arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.money import Currency
from domain.process import WaitReason
from domain.repayments import (
    InstalmentState,
    accrue_penalty,
    principal_outstanding,
    total_due,
)
from persistence.clock import business_clock
from persistence.stages import move_stage_deadline
from persistence.tables import Contract, Instalment, Loan


async def instalments_of(session: AsyncSession, loan_id: UUID) -> list[Instalment]:
    """The schedule of a loan, in order."""
    statement = (
        select(Instalment).where(col(Instalment.loan_id) == loan_id).order_by(col(Instalment.n))
    )
    return list((await session.execute(statement)).scalars())


def state_of(row: Instalment) -> InstalmentState:
    """A row as the arithmetic sees it."""
    return InstalmentState(
        n=row.n,
        due_on=row.due_on,
        principal=row.principal,
        interest=row.interest,
        principal_paid=row.principal_paid,
        interest_paid=row.interest_paid,
        penalty_paid=row.penalty_paid,
        compound_paid=row.compound_paid,
        penalty_accrued=row.penalty_accrued,
        compound_accrued=row.compound_accrued,
        accrued_to_on=row.accrued_to_on,
        penalty_residual=row.penalty_residual,
        compound_residual=row.compound_residual,
    )


async def accrued_to(
    session: AsyncSession, loan: Loan, rows: Sequence[Instalment], to_on: date
) -> tuple[InstalmentState, ...]:
    """The states with the price of lateness run up to a day."""
    contract = await session.get_one(Contract, loan.id)
    return accrue_penalty(
        [state_of(row) for row in rows],
        contract.yearly_rate,
        contract.penalty_uplift,
        to_on=to_on,
        currency=Currency(loan.currency),
    )


def write_back(rows: Sequence[Instalment], states: Sequence[InstalmentState], on: date) -> None:
    """Put computed states back into their rows; what is fully paid gets its day."""
    for row, state in zip(rows, states, strict=True):
        row.principal_paid = state.principal_paid
        row.interest_paid = state.interest_paid
        row.penalty_accrued = state.penalty_accrued
        row.penalty_paid = state.penalty_paid
        row.compound_accrued = state.compound_accrued
        row.compound_paid = state.compound_paid
        row.penalty_residual = state.penalty_residual
        row.compound_residual = state.compound_residual
        row.accrued_to_on = state.accrued_to_on
        if row.paid_on is None and state.open_total == 0 and row.due_on <= on:
            row.paid_on = on


async def restate(
    session: AsyncSession, loan: Loan, states: Sequence[InstalmentState], on: date
) -> None:
    """Show the loan's balance, next due day, deadline and wait as its instalments have them."""
    loan.outstanding = principal_outstanding(states)
    unpaid = [state.due_on for state in states if state.open_total > 0]
    loan.next_due_on = min(unpaid) if unpaid else None
    if loan.next_due_on is not None:
        clock = await business_clock(session)
        await move_stage_deadline(session, loan, clock.end_of(loan.next_due_on))
    if total_due(states, on) == 0:
        loan.arrears_noted = 0
        loan.wait_reason = WaitReason.INSTALMENT_DUE
