"""How much of a row's interest is earned by a day, also where it falls due with a later row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.accounts.rows import NOTHING, Row
from domain.accounts.running import Running
from domain.money import round_half_up
from domain.repayments import Bucket


@dataclass(frozen=True, slots=True)
class Span:
    """Interest earned over one row's period, due with that row or a later one.

    `offset` is what is there before the period begins: earned earlier, or, below zero, what a
    tranche that came within it never bears. Unit: the currency.
    """

    row: Row
    amount: Decimal
    offset: Decimal = NOTHING

    def earned(self, running: Running, day: date) -> Decimal:
        """Earned to a day, by its share of the period's interest. Unrounded."""
        row, start = self.row, self.row.period.start_on
        if day >= row.due_on:
            return self.amount
        if day < start:
            return NOTHING
        whole = running.factor(row, start, row.due_on)
        if whole == 0 or day == start:
            return max(self.offset, NOTHING)
        part = running.factor(row, start, day)
        return max(self.offset + (self.amount - self.offset) * part / whole, NOTHING)


def spans(running: Running) -> Iterator[tuple[int, Row, Sequence[Span]]]:
    """Every row with its number and the spans its interest is earned over, in order."""
    waiting: list[Span] = []
    for n, row in enumerate(running.rows, start=1):
        owed = row.owed(Bucket.INTEREST, running.currency)
        offset = row.brought - row.uncharged
        if row.deferred:
            waiting.append(Span(row, row.put_off, offset))
            yield n, row, [Span(row, owed)] if owed else []
        elif row.apart or row.down_payment or not waiting:
            yield n, row, [Span(row, owed, offset)]
        else:
            own = owed - sum((span.amount for span in waiting), NOTHING)
            yield n, row, [*waiting, Span(row, own, offset)]
            waiting = []


def earned_interest(running: Running, day: date) -> Decimal:
    """Contract interest earned to a day: whole for what is due, by days for the row in progress.

    Unit: the currency. Rounding: HALF_UP for the row in progress.
    """
    return sum((_earned(running, row, of, day) for _, row, of in spans(running)), NOTHING)


def accruing_interest(running: Running, day: date) -> Decimal:
    """The part of what is earned that has not yet fallen due."""
    ahead = ((row, of) for _, row, of in spans(running) if row.due_on > day)
    return sum((_earned(running, row, of, day) for row, of in ahead), NOTHING)


def _earned(running: Running, row: Row, of: Sequence[Span], day: date) -> Decimal:
    owed = row.owed(Bucket.INTEREST, running.currency)
    if row.due_on <= day or owed == 0:
        return owed
    earned = sum((span.earned(running, day) for span in of), NOTHING)
    return round_half_up(earned, running.currency)


def put_off_before(running: Running, first: Row) -> Decimal:
    """Interest of earlier rows that falls due with this one or a later one. Unit: the currency."""
    waiting = NOTHING
    for row in running.rows:
        if row is first:
            break
        if not (row.apart or row.down_payment):
            waiting = waiting + row.put_off if row.deferred else NOTHING
    return waiting
