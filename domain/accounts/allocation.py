"""Which debt a receipt pays, in the contract's order (冲销顺序)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import groupby

from domain.accounts.rows import NOTHING, Row
from domain.accounts.terms import AllocationRule, FutureMoney, Processing, Slot, Timing
from domain.money import Currency
from domain.repayments import Bucket

Part = tuple[Row, Bucket, Decimal]
_CHARGES = (Bucket.PENALTY, Bucket.FEE)


def allocate(
    rows: Sequence[Row], rule: AllocationRule, amount: Decimal, on: date, currency: Currency
) -> tuple[list[Part], Decimal]:
    """Pay what is open, slot by slot, and return the parts paid and what nothing asked for.

    Unit: the currency. Range: not negative. Rounding: none. The rows are changed.
    """
    if rule.future is FutureMoney.REAMORTISE:
        return _spread(rows, rule, amount, on, currency)
    parts: list[Part] = []
    for row, bucket, by_day in _targets(rows, rule, on):
        if amount <= 0:
            break
        asked = row.open_by(bucket, on, currency) if by_day else row.open_amount(bucket, currency)
        part = min(amount, asked)
        if part > 0:
            row.pay(bucket, part, on, currency)
            parts.append((row, bucket, part))
            amount -= part
    return parts, amount


def _spread(
    rows: Sequence[Row], rule: AllocationRule, amount: Decimal, on: date, currency: Currency
) -> tuple[list[Part], Decimal]:
    """Debts that are due in their order, then evenly over the instalments to come.

    Each kind of debt to come takes its share of what is left: an instalment that cannot take all
    of it leaves the rest to the next kind, and what no kind took goes round again.
    """
    parts: list[Part] = []
    for slots in _groups(rule):
        if slots[0].timing is not Timing.IN_ADVANCE:
            here = replace(rule, order=tuple(slots), future=FutureMoney.HOLD)
            paid, amount = allocate(rows, here, amount, on, currency)
        else:
            paid, amount = _spread_over(rows, slots, amount, on, currency)
        parts += paid
    return parts, amount


def _groups(rule: AllocationRule) -> list[list[Slot]]:
    """The slots that share a round: those of one timing, or each alone."""
    if rule.processing is Processing.BUCKET_FIRST:
        return [[slot] for slot in rule.order]
    return [list(slots) for _, slots in groupby(rule.order, key=lambda slot: slot.timing)]


def _spread_over(
    rows: Sequence[Row], slots: Sequence[Slot], left: Decimal, on: date, currency: Currency
) -> tuple[list[Part], Decimal]:
    parts: list[Part] = []
    buckets = [slot.bucket for slot in slots]
    while left > 0:
        ahead = [
            row
            for row in rows
            if row.due_on > on and any(row.open_amount(b, currency) > 0 for b in buckets)
        ]
        before = left
        for bucket in buckets:
            for row, share in zip(ahead, _shares(left, len(ahead), currency), strict=True):
                part = min(share, row.open_amount(bucket, currency))
                if part > 0:
                    row.pay(bucket, part, on, currency)
                    parts.append((row, bucket, part))
                    left -= part
        if left == before:
            break
    return parts, left


def _shares(amount: Decimal, count: int, currency: Currency) -> list[Decimal]:
    if not count:
        return []
    even = (amount / count).quantize(currency.smallest_unit, rounding=ROUND_HALF_EVEN)
    shares: list[Decimal] = []
    for _ in range(count - 1):
        shares.append(min(even, amount))
        amount -= shares[-1]
    return [*shares, amount]


def _targets(
    rows: Sequence[Row], rule: AllocationRule, on: date
) -> Iterator[tuple[Row, Bucket, bool]]:
    """Where money goes, one place after the other; true: only for charges due by their own day."""
    if rule.processing is Processing.BUCKET_FIRST:
        for slots in _merged(rule.order):
            for row in _candidates(rows, rule, {slot.timing for slot in slots}, on):
                yield row, slots[0].bucket, False
        return
    for timing, slots_of in groupby(rule.order, key=lambda slot: slot.timing):
        slots_here = list(slots_of)
        for row in _candidates(rows, rule, {timing}, on):
            if rule.charges_by_day and timing is Timing.IN_ADVANCE:
                yield from ((row, bucket, True) for bucket in _CHARGES)
            for slot in slots_here:
                yield row, slot.bucket, False


def _merged(order: Sequence[Slot]) -> list[list[Slot]]:
    """Slots that pay the same bucket one behind the other are one pass over their instalments."""
    return [list(slots) for _, slots in groupby(order, key=lambda slot: slot.bucket)]


def _candidates(
    rows: Sequence[Row], rule: AllocationRule, timings: set[Timing], on: date
) -> list[Row]:
    due = [row for row in rows if _timing(row, on) in timings - {Timing.IN_ADVANCE}]
    if Timing.IN_ADVANCE not in timings or rule.future is FutureMoney.HOLD:
        return due
    ahead = [row for row in rows if row.due_on > on]
    if rule.future is FutureMoney.LAST_INSTALMENT:
        ahead.reverse()
    if rule.future is FutureMoney.NEXT_THEN_LAST:
        ahead.sort(key=lambda row: (row.period.start_on > on, -row.due_on.toordinal()))
    return due + ahead


def _timing(row: Row, on: date) -> Timing:
    if row.due_on < on:
        return Timing.PAST_DUE
    return Timing.DUE if row.due_on == on else Timing.IN_ADVANCE


def total_open(rows: Sequence[Row], on: date, currency: Currency) -> Decimal:
    """All that is owed on rows due by a day. Unit: the currency."""
    return sum((row.open_total(currency) for row in rows if row.due_on <= on), NOTHING)
