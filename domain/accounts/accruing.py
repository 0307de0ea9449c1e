"""How interest runs day by day, as straight pieces that a database can add up by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from itertools import pairwise

from domain.accounts.events import Event
from domain.accounts.fold import running_on
from domain.accounts.lateness import late_rate
from domain.accounts.rates import RateTimeline
from domain.accounts.rows import NOTHING, Row
from domain.accounts.running import Running
from domain.accounts.terms import AccountTerms
from domain.day_counts import DayCount
from domain.repayments import Bucket
from domain.schedules.annuity import EXACT

_DAY = timedelta(days=1)
# By these a part of a period is its share of the days, so a piece is as long as one rate.
_STRAIGHT = frozenset(
    {
        DayCount.THIRTY_360,
        DayCount.EQUAL_PERIODS,
        DayCount.ACT_360,
        DayCount.ACT_364,
        DayCount.ACT_365F,
    }
)


@dataclass(frozen=True)
class AccrualPiece:
    """Days [from, to] over which an instalment's interest grows by the same part each day.

    Earned on day d: earned_before + per_day x (d - from_on), HALF_UP. Unit: the currency.
    Rounding: 34 digits.
    """

    n: int
    from_on: date
    to_on: date
    earned_before: Decimal
    per_day: Decimal

    def earned(self, day: date) -> Decimal:
        """Interest earned to a day of the piece, unrounded."""
        return self.earned_before + self.per_day * (day - self.from_on).days


@dataclass(frozen=True)
class Accruals:
    """How interest and lateness run from a day on, if nothing more happens."""

    pieces: tuple[AccrualPiece, ...]
    late_rate: Decimal
    misused: bool
    written_off: bool


def accruals(terms: AccountTerms, events: Iterable[Event], as_of: date) -> Accruals:
    """What runs on every instalment not yet due on a day.

    Unit: the currency; the late rate is a yearly fraction. Source: the same timeline of rates and
    the same rows the fold itself reads.
    """
    running = running_on(terms, events, as_of)
    misused = running.misused > 0
    rate = late_rate(terms.lateness, running.rates.rate_on(running.on or as_of), misused=misused)
    return Accruals(
        tuple(_pieces(running, as_of)), rate, misused, running.written_off_on is not None
    )


def _pieces(running: Running, as_of: date) -> Iterator[AccrualPiece]:
    for n, row in enumerate(running.rows, start=1):
        owed = row.owed(Bucket.INTEREST, running.currency)
        if row.due_on > as_of and owed > 0:
            yield from _pieces_of(running, n, row, owed)


def _pieces_of(running: Running, n: int, row: Row, owed: Decimal) -> Iterator[AccrualPiece]:
    rates, start = running.rates, row.period.start_on
    with localcontext(EXACT):
        whole = rates.factor(row.period, start, row.due_on)
        if whole == 0:
            return
        before = NOTHING
        for from_on, to_on in pairwise(_borders(rates, start, row.due_on)):
            earned = owed * rates.factor(row.period, start, to_on) / whole
            yield AccrualPiece(
                n, from_on, to_on, before, (earned - before) / (to_on - from_on).days
            )
            before = earned


def _borders(rates: RateTimeline, start: date, end: date) -> list[date]:
    """Where the daily part may change: rates and pauses, or each day by an uneven convention."""
    if rates.terms.day_count not in _STRAIGHT:
        return [start + timedelta(days=n) for n in range((end - start).days + 1)]
    found = {start, end, *(day for day, _ in rates.steps)}
    for first, last in rates.pauses:
        found |= {first, last + _DAY}
    return sorted(day for day in found if start <= day <= end)
