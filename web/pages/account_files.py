"""The parts of an account as tables for other programs: headings, and the cells of a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from domain.accounts.statement import InterestStretch
from persistence.queries.accounts import AccountEntry, AccountRow
from persistence.queries.ledger import LedgerJournal

Cells = tuple[object, ...]


def _schedule(row: AccountRow) -> Iterator[Cells]:
    yield (
        row.n,
        row.due_on,
        row.principal,
        row.interest,
        row.late,
        row.fee,
        row.paid,
        row.waived,
        row.open,
        row.balance_after,
        row.status,
        row.paid_on,
    )


def _interest(row: InterestStretch) -> Iterator[Cells]:
    yield row.from_on, row.to_on, row.days, row.balance, row.yearly_rate, row.interest


def _entries(row: AccountEntry) -> Iterator[Cells]:
    """A line for each share of an entry; one without shares has a line of its own."""
    payer = row.payer
    told = (
        row.value_on,
        row.kind,
        row.amount,
        payer.provider if payer else None,
        payer.transaction_id if payer else None,
        "yes" if row.reversed else "no",
    )
    if not row.shares:
        yield *told, None, None, None, row.held, row.balance_after
    for share in row.shares:
        yield *told, share.bucket, share.n, share.amount, row.held, row.balance_after


def _journal(row: LedgerJournal) -> Iterator[Cells]:
    for line in row.lines:
        yield (
            row.business_on,
            row.kind,
            row.key,
            line.account,
            line.debit,
            line.credit,
            line.currency,
        )


_SCHEDULE = "number due_on principal interest late fee paid waived open balance_after state paid_on"
_ENTRIES = (
    "value_on kind amount provider transaction reversed bucket number share held balance_after"
)
TABLES: Mapping[str, tuple[tuple[str, ...], Callable[[Any], Iterator[Cells]]]] = {
    "schedule": (tuple(_SCHEDULE.split()), _schedule),
    "interest": (("from_on", "to_on", "days", "balance", "yearly_rate", "interest"), _interest),
    "entries": (tuple(_ENTRIES.split()), _entries),
    "journal": (
        ("business_on", "kind", "key", "account", "debit", "credit", "currency"),
        _journal,
    ),
}
