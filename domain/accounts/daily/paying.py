"""How money is laid onto the instalments of a plan, and how the plan answers each part of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import groupby, islice

from domain.accounts.account import Portion
from domain.accounts.daily.instalment import NOTHING, DailyInstalment
from domain.accounts.daily.plan import Plan
from domain.accounts.terms import AllocationRule, FutureMoney, Processing, Slot, Timing
from domain.repayments import Bucket


@dataclass
class Paying:
    """One receipt being allocated. `left` is what nothing has asked for yet."""

    plan: Plan
    on: date
    left: Decimal
    rule: AllocationRule
    counts_from: date
    taken: list[tuple[DailyInstalment, Bucket, Decimal]]
    ended: Plan | None = None
    """The plan as if interest ended on the day; made once for every change of the plan."""

    def run(self) -> None:
        """Slot by slot or instalment by instalment, as the contract says."""
        if self.rule.processing is Processing.BUCKET_FIRST:
            groups = [[slot] for slot in self.rule.order]
        else:
            groups = [list(g) for _, g in groupby(self.rule.order, key=lambda s: s.timing)]
        for group in groups:
            while self.left > 0 and self._round(group):
                continue
        for row in self.plan.rows:
            if row.last_paid_on is None and row.open_total == 0:
                row.last_paid_on = self.on

    def _round(self, slots: list[Slot]) -> bool:
        before = self.left
        rows = self._rows(slots)
        for slot in slots:
            for row, share in zip(rows, self._shares(rows), strict=True):
                self._take(row, slot, min(share, self.left))
        return self.left < before

    def _rows(self, slots: list[Slot]) -> list[DailyInstalment]:
        """The instalments the next round pays: one, or all to come where money is spread."""
        timing = slots[0].timing
        buckets = [slot.bucket for slot in slots]
        rows = [row for row in self.plan.rows if self._timing(row) is timing]
        if timing is not Timing.IN_ADVANCE:
            return [row for row in rows if any(row.open_amount(b) > 0 for b in buckets)][:1]
        if self.rule.future is FutureMoney.LAST_INSTALMENT:
            rows.reverse()
        if self.rule.future is FutureMoney.NEXT_THEN_LAST:
            rows.sort(
                key=lambda row: (row.period.start_on > self.on, -row.period.due_on.toordinal())
            )
        asked = (row for row in rows if any(self._payable(row, b) > 0 for b in buckets))
        match self.rule.future:
            case FutureMoney.REAMORTISE:
                return list(asked)
            case FutureMoney.HOLD:
                return []
            case _:
                return list(islice(asked, 1))

    def _shares(self, rows: list[DailyInstalment]) -> list[Decimal]:
        if not rows:
            return []
        unit = self.plan.terms.currency.smallest_unit
        even = (self.left / len(rows)).quantize(unit, rounding=ROUND_HALF_EVEN)
        return [even] * (len(rows) - 1) + [self.left - even * (len(rows) - 1)]

    def _timing(self, row: DailyInstalment) -> Timing:
        due = row.period.due_on
        if due == self.on:
            return Timing.DUE
        return Timing.PAST_DUE if due < self.on else Timing.IN_ADVANCE

    def _payable(self, row: DailyInstalment, bucket: Bucket) -> Decimal:
        """What may be paid now: in advance, interest only to the day and the rest as principal."""
        in_money = bucket in (Bucket.PRINCIPAL, Bucket.INTEREST) and not self.plan.fixed
        if not in_money or self._timing(row) is not Timing.IN_ADVANCE or row.down_payment:
            return row.open_amount(bucket)
        if self.ended is None:
            self.ended = ended_on(self.plan, self.counts_from)
        index = self.plan.rows.index(row)
        asked = as_paid_on(self.ended, index, self.counts_from)
        if self.rule.processing is Processing.BUCKET_FIRST:
            return _open_in_bucket_first(self.ended, asked, bucket)
        return asked.open_amount(bucket)

    def _take(self, row: DailyInstalment, slot: Slot, most: Decimal) -> Decimal:
        amount = min(most, self._payable(row, slot.bucket))
        if amount <= 0:
            return NOTHING
        on_time = slot.timing is Timing.DUE
        row.pay(slot.bucket, amount, self.on, self.on if on_time else self.counts_from)
        self.left -= amount
        self.ended = None
        self.taken.append((row, slot.bucket, amount))
        self.plan.settle()
        return amount

    def portions(self) -> tuple[Portion, ...]:
        """What each instalment and bucket got, in the order it was paid."""
        sums: dict[tuple[int, Bucket], Decimal] = {}
        for row, bucket, amount in self.taken:
            place = (self.plan.rows.index(row) + 1, bucket)
            sums[place] = sums.get(place, NOTHING) + amount
        return tuple(Portion(n, bucket, amount) for (n, bucket), amount in sums.items())


def ended_on(plan: Plan, on: date) -> Plan:
    """The plan as if its interest ended on a day."""
    tried = plan.copied()
    if on < tried.rows[-1].period.due_on:
        tried.clock.ended_on = on
        tried.settle()
    return tried


def as_paid_on(ended: Plan, index: int, on: date) -> DailyInstalment:
    """What an instalment asks for where it is paid on a day; of one to come, its agreed level."""
    row = ended.rows[index]
    if on > row.period.start_on:
        return row
    unpaid = sum(1 for each in ended.rows if not each.settled)
    if unpaid > 1:
        row = row.copied()
        row.level = row.agreed_level
        row.split(row.interest - row.credited_interest)
        beyond = row.principal - row.paid_principal - max(ended.open_principal, NOTHING)
        row.level -= max(beyond, NOTHING)
        row.split(row.interest - row.credited_interest)
    return row


def _open_in_bucket_first(ended: Plan, row: DailyInstalment, bucket: Bucket) -> Decimal:
    """What one bucket of a row ahead takes where a kind of debt is finished first.

    Principal may fill the whole level while others are open: interest then moves on to a later one.
    """
    asked = row.open_amount(bucket)
    if bucket is Bucket.PRINCIPAL and sum(1 for each in ended.rows if not each.settled) > 1:
        asked = row.to_pay - row.paid
    return min(asked, sum((each.open_amount(bucket) for each in ended.rows), NOTHING))
