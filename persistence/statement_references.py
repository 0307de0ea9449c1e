"""Which transactions the bank has told of before, whichever road the news came by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.bank_statements import BankLine, LineKind, LineState, claims_of
from persistence.statement_matching import Match
from persistence.tables import Receipt, StatementLine

Sum = tuple[Decimal, str]
"""Amount and currency."""


@dataclass
class Known:
    """The transactions known so far, growing with each line of the file that is taken."""

    lines: dict[tuple[str, str], Sum] = field(default_factory=dict)
    receipts: Mapping[str, set[Sum]] = field(default_factory=dict)
    debits: Mapping[str, set[Sum]] = field(default_factory=dict)

    def judged(self, line: BankLine, match: Match) -> tuple[LineState, str | None]:
        """Taken, or not because it is known; a number that came with another sum is refused."""
        place, own = (line.kind.value, line.reference), (line.amount, line.currency)
        before = self.lines.get(place)
        if before is not None and before != own:
            return LineState.REFUSED, "line.reference_differs"
        if before is not None or self._told_otherwise(line, match, own):
            return LineState.DUPLICATE, "line.known"
        self.lines[place] = own
        return LineState.TAKEN, None

    def _told_otherwise(self, line: BankLine, match: Match, own: Sum) -> bool:
        """The rail told of it: under one of its numbers, or as the direct debit it answers."""
        if line.kind is LineKind.RETURN:
            return False
        numbers = (line.reference, *line.others)
        if any(own in self.receipts.get(number, ()) for number in numbers):
            return True
        return match.debit_key is not None and own in self.debits.get(match.debit_key, ())


async def known_references(session: AsyncSession, lines: Sequence[BankLine]) -> Known:
    """Read what is known of the numbers some lines carry."""
    numbers = {number for line in lines for number in (line.reference, *line.others)}
    rows = await session.execute(
        select(
            col(StatementLine.kind),
            col(StatementLine.reference),
            col(StatementLine.amount),
            col(StatementLine.currency),
        ).where(
            col(StatementLine.reference).in_(numbers),
            col(StatementLine.state) == LineState.TAKEN,
        )
    )
    taken: dict[tuple[str, str], Sum] = {}
    for kind, number, amount, currency in rows:
        if kind and number and amount is not None and currency:  # a taken line has all its parts
            taken[kind, number] = (amount, currency)
    debits = {debit for line in lines for debit in claims_of(line).debit_keys}
    return Known(taken, await _received(session, numbers), await _honoured(session, debits))


async def _received(session: AsyncSession, numbers: set[str]) -> Mapping[str, set[Sum]]:
    """Money posted under any of the numbers, whichever road told of it."""
    columns = (col(Receipt.transaction_id), col(Receipt.amount), col(Receipt.currency))
    rows = await session.execute(select(*columns).where(columns[0].in_(numbers)))
    return _sums(rows.all())


async def _honoured(session: AsyncSession, debits: set[tuple[UUID, str]]) -> Mapping[str, set[Sum]]:
    """Money that came for direct debits: the rail names the debit in its remittance."""
    columns = (col(Receipt.remittance), col(Receipt.amount), col(Receipt.currency))
    rows = await session.execute(
        select(*columns).where(
            col(Receipt.loan_id).in_({loan_id for loan_id, _ in debits}),
            columns[0].in_({key for _, key in debits}),
        )
    )
    return _sums(rows.all())


def _sums(rows: Iterable[Any]) -> Mapping[str, set[Sum]]:
    found: defaultdict[str, set[Sum]] = defaultdict(set)
    for number, amount, currency in rows:
        found[number].add((amount, currency))
    return found
