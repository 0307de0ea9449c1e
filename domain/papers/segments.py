"""The interest of one instalment, told by stretches of days with one rate and one principal.

The engine's own figures, cut where the rate changes or more was drawn; nothing is reckoned anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from domain.accounts import AccountLine, fold
from domain.accounts.accruing import AccrualPiece, accruals
from domain.money import round_half_up
from domain.papers.loan import PaperSource
from domain.repayments import Bucket

NOTHING = Decimal(0)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Segment:
    """Days [from, to) of a period with one rate, a yearly fraction, and the interest of them."""

    from_on: date
    to_on: date
    yearly_rate: Decimal
    principal: Decimal
    interest: Decimal

    @property
    def days(self) -> int:
        """Calendar days, the first counted, the last not."""
        return (self.to_on - self.from_on).days


def segments_of(source: PaperSource, line: AccountLine) -> tuple[Segment, ...]:
    """The stretches of an instalment's period; their interest comes to what the row asks for.

    Unit: the currency. Rounding: what is earned to the end of each stretch, HALF_UP, and the last
    takes the rest. Interest that follows the daily balance is told as one stretch.
    """
    told, parts = NOTHING, []
    for stretch in _joined(_stretches(source, line)):
        rounded = round_half_up(stretch.interest, source.currency)
        if stretch.to_on == line.due_on:
            rounded = line.owed[Bucket.INTEREST] - told
        parts.append(_of(stretch, stretch.from_on, rounded))
        told += rounded
    if parts and (parts[0].from_on, parts[-1].to_on) == (line.period_start_on, line.due_on):
        return tuple(parts)
    rate = source.rate_on(line.period_start_on)
    whole = line.owed[Bucket.INTEREST]
    return (Segment(line.period_start_on, line.due_on, rate, _principal(line), whole),)


def _stretches(source: PaperSource, line: AccountLine) -> Iterator[Segment]:
    """Between two drawdowns at a time, each told by the account as it stood before the second.

    What the row asked for then, less what is told already, runs from the first of them on.
    """
    if not source.as_scheduled:
        return
    from_on, told = line.period_start_on, NOTHING
    for to_on in (*_drawn_within(source, line), line.due_on):
        known_on = min(source.on, to_on - _DAY)
        row, pieces = _row(source, line, known_on)
        ahead = [piece for piece in pieces if piece.to_on > from_on]
        if row is None or not ahead:
            return
        to_come = row.owed[Bucket.INTEREST] - told
        earned = sum((_earned(piece, from_on, piece.to_on) for piece in ahead), NOTHING)
        for piece in (piece for piece in ahead if piece.from_on < to_on):
            part = _earned(piece, from_on, to_on)
            interest = to_come * part / earned if earned else NOTHING
            rate = source.rate_on(piece.from_on) if piece.per_day else NOTHING
            first, last = max(piece.from_on, from_on), min(piece.to_on, to_on)
            yield Segment(first, last, rate, _principal(row), interest)
            told += interest
        from_on = to_on


def _earned(piece: AccrualPiece, from_on: date, to_on: date) -> Decimal:
    """What a piece earns of the days [from, to)."""
    return piece.earned(min(to_on, piece.to_on)) - piece.earned(max(from_on, piece.from_on))


def _drawn_within(source: PaperSource, line: AccountLine) -> list[date]:
    """Days after the period's first on which more was drawn."""
    days = {
        movement.value_on
        for movement in source.account.movements
        if movement.kind == "drawdown" and not movement.reversed
    }
    return sorted(day for day in days if line.period_start_on < day < line.due_on)


def _row(
    source: PaperSource, line: AccountLine, known_on: date
) -> tuple[AccountLine | None, list[AccrualPiece]]:
    """The same instalment as it stood on an earlier day, and how its interest ran."""
    account = fold(source.terms, source.events, known_on, source.working_day)
    for row in account.lines:
        if (row.period_start_on, row.due_on) == (line.period_start_on, line.due_on):
            pieces = accruals(source.terms, source.events, known_on).pieces
            return row, [piece for piece in pieces if piece.n == row.n]
    return None, []


def _joined(stretches: Iterator[Segment]) -> list[Segment]:
    """Neighbours of one rate and one principal are one stretch."""
    joined: list[Segment] = []
    for stretch in stretches:
        before = joined[-1] if joined else None
        same = (stretch.yearly_rate, stretch.principal)
        if before is not None and (before.yearly_rate, before.principal) == same:
            joined[-1] = _of(stretch, before.from_on, before.interest + stretch.interest)
        else:
            joined.append(stretch)
    return joined


def _of(stretch: Segment, from_on: date, interest: Decimal) -> Segment:
    return Segment(from_on, stretch.to_on, stretch.yearly_rate, stretch.principal, interest)


def _principal(line: AccountLine) -> Decimal:
    """What the schedule reckons the row's interest on."""
    return line.balance_after + line.owed.get(Bucket.PRINCIPAL, NOTHING)
