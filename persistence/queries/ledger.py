"""The journals of one case: each with its lines, and whether it balances."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from persistence.tables import JournalLine, JournalRow

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One posting, on its own side; the other side is None."""

    account: str
    debit: Decimal | None
    credit: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class LedgerJournal:
    """One event in the books."""

    key: str
    kind: str
    business_on: date
    posted_at: datetime
    lines: tuple[LedgerLine, ...]

    @property
    def balanced(self) -> bool:
        """Whether debits equal credits in every currency."""
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for line in self.lines:
            sums[line.currency] += (line.debit or NOTHING) - (line.credit or NOTHING)
        return bool(self.lines) and not any(sums.values())

    @property
    def debits(self) -> Decimal:
        """The sum of its debits; a journal of a case has one currency."""
        return sum((line.debit or NOTHING for line in self.lines), NOTHING)

    @property
    def credits(self) -> Decimal:
        """The sum of its credits."""
        return sum((line.credit or NOTHING for line in self.lines), NOTHING)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every journal of a case, newest first."""

    journals: tuple[LedgerJournal, ...]

    @property
    def balanced(self) -> bool:
        """Whether every journal balances."""
        return all(journal.balanced for journal in self.journals)

    @property
    def debits(self) -> Decimal:
        """The sum of all debits; a case has one currency."""
        return sum((line.debit or NOTHING for line in self._lines()), NOTHING)

    @property
    def credits(self) -> Decimal:
        """The sum of all credits."""
        return sum((line.credit or NOTHING for line in self._lines()), NOTHING)

    def _lines(self) -> Iterable[LedgerLine]:
        return (line for journal in self.journals for line in journal.lines)


async def ledger(session: AsyncSession, loan_id: UUID, to_on: date = date.max) -> Ledger:
    """The case's part of the books, of all days or up to one."""
    mine = (col(JournalRow.loan_id) == loan_id, col(JournalRow.business_on) <= to_on)
    statement = select(JournalRow).where(*mine).order_by(col(JournalRow.id).desc())
    journals = (await session.execute(statement)).scalars()
    postings = (
        select(JournalLine)
        .join(JournalRow, col(JournalRow.id) == col(JournalLine.journal_id))
        .where(*mine)
        .order_by(col(JournalLine.id))
    )
    lines: defaultdict[int, list[LedgerLine]] = defaultdict(list)
    for row in (await session.execute(postings)).scalars():
        lines[row.journal_id].append(_line(row))
    return Ledger(tuple(_journal(row, tuple(lines[row.id or 0])) for row in journals))


async def count_journals(session: AsyncSession, loan_id: UUID, to_on: date) -> int:
    """How many journals a case has up to a day."""
    mine = (col(JournalRow.loan_id) == loan_id, col(JournalRow.business_on) <= to_on)
    counted = select(func.count()).select_from(JournalRow).where(*mine)
    journals: int = (await session.execute(counted)).scalar_one()
    return journals


def _line(row: JournalLine) -> LedgerLine:
    debit = row.amount if row.amount > 0 else None
    credit = -row.amount if row.amount < 0 else None
    return LedgerLine(row.account, debit, credit, row.currency)


def _journal(row: JournalRow, lines: tuple[LedgerLine, ...]) -> LedgerJournal:
    return LedgerJournal(row.key, row.kind, row.business_on, row.posted_at, lines)
