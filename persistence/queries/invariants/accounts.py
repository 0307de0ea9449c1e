"""I6: each account is the fold of its events; ledger and instalments say the same, at 0.00."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.accounts import Account, fold
from domain.violations import LoanRuleViolation
from persistence.account_backfill import ledger_of_loan
from persistence.account_journals import ledger_of
from persistence.account_rows import values_of
from persistence.accounts import account_terms, events_of, working_day
from persistence.instalments import instalments_of
from persistence.queries.invariants.findings import Break, Checked
from persistence.tables import Contract, Instalment, Loan


async def accounts_tie_out(session: AsyncSession) -> Checked:
    """Fold every account once more and hold ledger, instalments and balance against it."""
    kept = select(Loan).where(col(Loan.booked_to_on).is_not(None)).order_by(col(Loan.id))
    loans = (await session.execute(kept)).scalars().all()
    breaks: list[Break] = []
    for loan in loans:
        breaks += await _judged(session, loan)
    return Checked(len(loans), tuple(breaks))


async def _judged(session: AsyncSession, loan: Loan) -> list[Break]:
    if loan.booked_to_on is None or await session.get(Contract, loan.id) is None:
        return []  # a note without its contract is named by the schedules' own check
    try:
        terms = await account_terms(session, loan)
        events = await events_of(session, loan.id)
        account = fold(terms, events, loan.booked_to_on, await working_day(session, terms))
    except (LoanRuleViolation, KeyError, ValueError) as refused:
        return [Break("account_does_not_fold", loan.case_number, str(refused))]
    ledger = await ledger_of_loan(session, loan.id)
    known = ledger_of(account.positions)  # a promise made before the account knew of any
    found = [
        Break("account_not_in_ledger", loan.case_number, each)
        for each in sorted(ledger.keys() | known.keys())
        if ledger.get(each, 0) != known.get(each, 0)
    ]
    rows = await instalments_of(session, loan.id)
    return [*found, *_rows_differ(loan, account, rows)]


def _rows_differ(loan: Loan, account: Account, rows: list[Instalment]) -> Iterator[Break]:
    if loan.outstanding != account.outstanding:
        yield Break("outstanding_not_of_account", loan.case_number, str(account.outstanding))
    if len(rows) != len(account.lines):
        yield Break("instalment_differs", loan.case_number, str(len(account.lines)))
    for row, line in zip(rows, account.lines, strict=False):
        values = values_of(line, account.as_of)
        wrong = [name for name, value in values.items() if getattr(row, name) != value]
        if row.n != line.n or wrong:
            yield Break("instalment_differs", loan.case_number, f"{row.n} {' '.join(wrong)}")
