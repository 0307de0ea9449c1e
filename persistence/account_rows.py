"""The rows that pages and timers read, written anew as the account has them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from domain.accounts import Account, AccountLine
from domain.accounts.accruing import Accruals
from domain.accounts.events import Event
from domain.process import Stage, WaitReason
from domain.repayments import Bucket
from persistence.account_shares import show_shares
from persistence.clock import business_clock
from persistence.incidents import close_incidents
from persistence.instalments import instalments_of
from persistence.stages import move_stage_deadline
from persistence.tables import Instalment, Loan
from persistence.tables.columns import as_kept

_NOTHING = Decimal(0)


async def show_account(
    session: AsyncSession,
    loan: Loan,
    account: Account,
    runs_on: Accruals,
    events: Sequence[Event],
    at: datetime,
) -> None:
    """Write an account into the read rows: instalments, receipts' shares, the loan's columns."""
    await _show_lines(session, loan, account, runs_on, at)
    await show_shares(session, loan.id, account, events)
    await _show_loan(session, loan, account, at)
    await session.flush()


def values_of(line: AccountLine, as_of: date) -> dict[str, Any]:
    """The columns of an instalment's row that follow from the account.

    Lateness has run to a day only where it runs on: a row that is paid or to come changes nothing.
    """
    owed, paid = line.owed, line.paid
    settled_on = line.paid_on
    if settled_on is None and line.open_total == 0 and line.due_on <= as_of:
        settled_on = line.due_on
    return {
        "period_start_on": line.period_start_on,
        "due_on": line.due_on,
        "principal": owed.get(Bucket.PRINCIPAL, _NOTHING),
        "interest": owed.get(Bucket.INTEREST, _NOTHING),
        "fee": owed.get(Bucket.FEE, _NOTHING),
        "balance_after": line.balance_after,
        "principal_paid": paid.get(Bucket.PRINCIPAL, _NOTHING),
        "interest_paid": paid.get(Bucket.INTEREST, _NOTHING),
        "fee_paid": paid.get(Bucket.FEE, _NOTHING),
        "penalty_accrued": owed.get(Bucket.PENALTY, _NOTHING),
        "penalty_paid": paid.get(Bucket.PENALTY, _NOTHING),
        "compound_accrued": owed.get(Bucket.COMPOUND, _NOTHING),
        "compound_paid": paid.get(Bucket.COMPOUND, _NOTHING),
        "accrued_to_on": line.late_to_on if settled_on is None else None,
        "paid_on": settled_on,
    }


def _hair(runs_on: Accruals, n: int, bucket: Bucket) -> Decimal:
    """Lateness beyond whole cents, so that the next days add up to the engine's own cent."""
    return as_kept(runs_on.hairs.get((n, bucket), _NOTHING))


async def _show_lines(
    session: AsyncSession, loan: Loan, account: Account, runs_on: Accruals, at: datetime
) -> None:
    rows = {row.n: row for row in await instalments_of(session, loan.id)}
    billed = {row.due_on: row.billed_at for row in rows.values()}
    for line in account.lines:
        values = values_of(line, account.as_of) | {
            "penalty_residual": _hair(runs_on, line.n, Bucket.PENALTY),
            "compound_residual": _hair(runs_on, line.n, Bucket.COMPOUND),
            "billed_at": billed.get(line.due_on) or _billed_by_itself(line, account, at),
        }
        row = rows.pop(line.n, None)
        if row is None:
            session.add(Instalment(loan_id=loan.id, n=line.n, **values))
            continue
        for name, value in values.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
    for row in rows.values():
        await session.delete(row)


def _billed_by_itself(line: AccountLine, account: Account, at: datetime) -> datetime | None:
    """A line an event itself paid or made (a prepayment) is nobody's to collect."""
    own = line.period_start_on == line.due_on and line.due_on <= account.as_of
    return at if own and line.open_total == 0 else None


async def _show_loan(session: AsyncSession, loan: Loan, account: Account, at: datetime) -> None:
    loan.outstanding = account.outstanding
    loan.next_due_on = account.next_due_on
    if loan.stage != Stage.REPAYMENT:
        return
    if loan.next_due_on is not None:
        clock = await business_clock(session)
        await move_stage_deadline(session, loan, clock.end_of(loan.next_due_on))
    due = (line.open_total for line in account.lines if line.due_on <= account.as_of)
    if sum(due, _NOTHING) == 0:
        if loan.arrears_noted:
            await close_incidents(session, loan.id, "arrears", at, "paid")
        loan.arrears_noted = 0
        loan.wait_reason = WaitReason.INSTALMENT_DUE
