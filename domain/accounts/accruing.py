"""How interest runs day by day, as straight pieces that a database can add up by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, localcontext
from itertools import pairwise

from domain.accounts.account import Account, AccrualStatus
from domain.accounts.earning import Span, spans
from domain.accounts.events import Event
from domain.accounts.fold import SHAPING, account_of, fold, running_on
from domain.accounts.lateness import late_rate
from domain.accounts.misuse import heavier_by, misuse_rate, misused_ahead, misused_parts
from domain.accounts.rows import LATE_BUCKETS, NOTHING, Row, whole_cents
from domain.accounts.running import Running
from domain.accounts.terms import AccountTerms, InterestBasis
from domain.day_counts import DayCount, year_fraction
from domain.repayments import Bucket
from domain.schedules import ScheduleTerms
from domain.schedules.annuity import EXACT
from domain.schedules.periods import WorkingDay

_DAY = timedelta(days=1)
# By these a part of a period is its share of the days, so a piece is as long as one rate.
_BY_DAYS = frozenset({DayCount.ACT_360, DayCount.ACT_364, DayCount.ACT_365F})
_STRAIGHT = _BY_DAYS | {DayCount.THIRTY_360, DayCount.EQUAL_PERIODS}
_PLACES = 20


@dataclass(frozen=True)
class AccrualPiece:
    """Days [from, to] over which an instalment's interest grows by the same part each day.

    Earned on day d: earned_before + per_day x (d - from_on), HALF_UP. Unit: the currency.
    Rounding: 34 digits, the daily part 20 places.
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
class MisusePiece:
    """Days over which misuse adds the same part each day to an instalment's penalty.

    From `from_on`, to `to_on` where there is an end, and only once `counts_after` is past: what
    lies within days of grace waits. Unit: the currency. Rounding: 20 places.
    """

    n: int
    from_on: date
    to_on: date | None
    counts_after: date
    per_day: Decimal


@dataclass(frozen=True)
class Accruals:
    """How interest and lateness run from a day on, if nothing more happens.

    `misused` pieces come beside what `late_rate` makes of overdue principal.
    `hairs[n, bucket]`: what the lateness of an instalment is beyond its whole cents, unrounded.
    `anew_on`: the first later day on which something agreed or held changes how it all runs.
    """

    pieces: tuple[AccrualPiece, ...]
    late_rate: Decimal
    misused: tuple[MisusePiece, ...]
    written_off: bool
    non_accrual: bool
    hairs: Mapping[tuple[int, Bucket], Decimal]
    anew_on: date | None


def accruals(
    terms: AccountTerms,
    events: Iterable[Event],
    as_of: date,
    working_day: WorkingDay | None = None,
) -> Accruals:
    """What runs on every instalment not yet due on a day.

    Unit: the currency; the late rate is a yearly fraction. Source: the same timeline of rates and
    the same rows the fold itself reads.
    """
    given = tuple(events)
    return _accruals(running_on(terms, given, as_of, working_day), given, as_of)


def fold_and_accruals(
    terms: AccountTerms,
    events: Iterable[Event],
    as_of: date,
    working_day: WorkingDay | None = None,
) -> tuple[Account, Accruals]:
    """`fold` and `accruals` of the same day from one run of the account."""
    given = tuple(events)
    if terms.interest_basis is InterestBasis.DAILY_BALANCE:
        account = fold(terms, given, as_of, working_day)
        return account, accruals(terms, given, as_of, working_day)
    running = running_on(terms, given, as_of, working_day)
    return account_of(running, as_of), _accruals(running, given, as_of)


def _accruals(running: Running, events: Iterable[Event], as_of: date) -> Accruals:
    rate = running.rates.rate_on(running.on or as_of)
    return Accruals(
        pieces=tuple(_pieces(running, as_of)),
        late_rate=late_rate(running.terms.lateness, rate),
        misused=tuple(_misused(running, rate, as_of)),
        written_off=running.written_off_on is not None,
        non_accrual=running.status is AccrualStatus.NON_ACCRUAL,
        hairs=dict(_hairs(running)),
        anew_on=min(_days_of_change(running, events, as_of), default=None),
    )


def _misused(running: Running, yearly_rate: Decimal, as_of: date) -> Iterator[MisusePiece]:
    """What misuse adds on each row: beside contract interest, then beside the penalty rate."""
    amount, terms = running.misused_now(), running.terms.lateness
    if not amount:
        return
    parts = misused_parts(running.rows, amount, running.currency)
    a_day = year_fraction(terms.day_count, as_of, as_of + _DAY)
    numbers = {id(row): n for n, row in enumerate(running.rows, start=1)}
    per_day = misuse_rate(terms, yearly_rate) * a_day
    for each in misused_ahead(running.rows, parts, as_of):
        cost = round(each.amount * per_day, _PLACES)
        yield MisusePiece(numbers[id(each.row)], each.from_on, each.to_on, each.from_on, cost)
    per_day = heavier_by(terms, yearly_rate) * a_day
    for n, (row, part) in enumerate(zip(running.rows, parts, strict=True), start=1):
        if part and per_day:
            counts_after = row.due_on + timedelta(days=terms.grace_days)
            since = row.late_to_on or row.due_on
            yield MisusePiece(n, since, None, counts_after, round(part * per_day, _PLACES))


def _hairs(running: Running) -> Iterator[tuple[tuple[int, Bucket], Decimal]]:
    for n, row in enumerate(running.rows, start=1):
        for bucket in LATE_BUCKETS:
            exact = row.late_exact.get(bucket, NOTHING)
            if hair := exact - whole_cents(exact, running.currency):
                yield (n, bucket), hair


def _days_of_change(running: Running, events: Iterable[Event], as_of: date) -> Iterator[date]:
    """Days ahead that change the account though nobody records anything new."""
    yield from (
        each.value_on for each in events if each.value_on > as_of and isinstance(each, SHAPING)
    )
    if running.held:
        misused = running.misused_now()
        open_rows = (row for row in running.rows if misused or row.open_total(running.currency) > 0)
        yield from (row.due_on for row in open_rows if row.due_on > as_of)


def _pieces(running: Running, as_of: date) -> Iterator[AccrualPiece]:
    for n, row, of in spans(running):
        if row.due_on > as_of and row.owed(Bucket.INTEREST, running.currency) > 0:
            yield from _pieces_of(running, n, of)


def _pieces_of(running: Running, n: int, of: Sequence[Span]) -> Iterator[AccrualPiece]:
    with localcontext(EXACT):
        piece = None
        for (from_on, before), (to_on, earned) in pairwise(_points(running, of)):
            if from_on == to_on:
                continue
            per_day = round((earned - before) / (to_on - from_on).days, _PLACES)
            if piece is not None and piece.per_day == per_day:
                piece = replace(piece, to_on=to_on)
            else:
                if piece is not None:
                    yield piece
                piece = AccrualPiece(n, from_on, to_on, before, per_day)
        if piece is not None:
            yield piece


def _points(running: Running, of: Sequence[Span]) -> Iterator[tuple[date, Decimal]]:
    """Days between which interest grows evenly, and what is earned on each; in order."""
    done = NOTHING
    for span in of:
        row, start = span.row, span.row.period.start_on
        whole = running.factor(row, start, row.due_on)
        if span.offset > 0:
            # day end asks for a piece that began before its day
            yield start - _DAY, done + span.offset
        for day in _borders(running, row):
            if whole:
                share = running.factor(row, start, day) / whole
                yield day, done + span.offset + (span.amount - span.offset) * share
            elif span.offset > 0 or len(of) > 1:
                yield day, done + max(span.offset, NOTHING)
        done += span.amount


def _borders(running: Running, row: Row) -> list[date]:
    """Where the daily part may change: rates and pauses, or each day by an uneven convention."""
    rates, start, end = running.rates, row.period.start_on, row.due_on
    if not _is_straight(rates.terms):
        return [start + timedelta(days=n) for n in range((end - start).days + 1)]
    found = {start, end, *(day for day, _ in rates.steps), *(part.due_on for part in row.parts)}
    for first, last in rates.pauses:
        found |= {first, last + _DAY}
    return sorted(day for day in found if start <= day <= end)


def _is_straight(terms: ScheduleTerms) -> bool:
    """Whether each day of a period counts alike; months of thirty days have days that do not."""
    by_agreed_dates = bool(terms.custom) or terms.settlement_day is not None
    return terms.day_count in (_BY_DAYS if by_agreed_dates else _STRAIGHT)
