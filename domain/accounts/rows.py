"""The working rows of a running account. Private to the engine: they change while it folds."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from domain.accounts.account import AccountLine
from domain.money import Currency, round_half_up
from domain.repayments import Bucket
from domain.schedules.periods import Period

NOTHING = Decimal(0)
LATE_BUCKETS = (Bucket.PENALTY, Bucket.COMPOUND)
_HAIR = Decimal("1e-12")


def whole_cents(exact: Decimal, currency: Currency) -> Decimal:
    """What is owed of what accrued piece by piece. Rounding: HALF_UP.

    A sum of thirds that ends in half a cent may stand a hair below it; the hair is given back.
    """
    return round_half_up(exact.quantize(_HAIR), currency)


@dataclass(slots=True)
class Row:
    """One instalment while the account runs.

    `lump` is what was charged at once, `late_exact` what lateness adds, unrounded, so that running
    day by day and at once come to the same cent.
    """

    period: Period
    due_on: date
    balance_after: Decimal
    lump: dict[Bucket, Decimal]
    paid: dict[Bucket, Decimal] = field(default_factory=dict)
    late_exact: dict[Bucket, Decimal] = field(default_factory=dict)
    late_to_on: date | None = None
    paid_on: date | None = None
    paid_in_advance: Decimal = NOTHING
    paid_late: Decimal = NOTHING
    down_payment: bool = False
    charged_on: list[tuple[date, Bucket, Decimal]] = field(default_factory=list)
    """Fees and lump penalties by the day each falls due itself, within the row's period."""
    apart: bool = False
    """A row of its own event (a prepayment), which no re-amortisation touches."""
    parts: tuple[Period, ...] = ()
    """The periods behind a row that covers several (利随本清); empty where it is one."""
    waits: bool = False
    """It carries no principal, as agreed (宽限期), whatever is laid anew."""
    deferred: bool = False
    """Its interest falls due with the next row that is not put off, as agreed."""
    put_off: Decimal = NOTHING
    brought: Decimal = NOTHING
    """Interest earned before its period began, which joined it (a restructure)."""
    uncharged: Decimal = NOTHING
    """Interest of its period that never ran: a tranche came within it. Unrounded."""
    owed_again: Decimal = NOTHING
    """Principal that came back onto it (a refund, a return); it bears no interest in its period."""

    def set_dates(self, start_on: date, due_on: date) -> None:
        """Another beginning or due date; of several periods the last one ends with it."""
        self.due_on = due_on
        self.period = replace(self.period, start_on=start_on, due_on=due_on)
        kept = [part for part in self.parts if part.start_on < due_on]
        if kept:
            self.parts = (*kept[:-1], replace(kept[-1], due_on=due_on))

    def owed(self, bucket: Bucket, currency: Currency) -> Decimal:
        """What is owed in one bucket, paid or not, in the currency's smallest unit."""
        owed = self.lump.get(bucket, NOTHING)
        exact = self.late_exact.get(bucket)
        return owed if exact is None else owed + whole_cents(exact, currency)

    def open_amount(self, bucket: Bucket, currency: Currency) -> Decimal:
        """What is still owed in one bucket."""
        return self.owed(bucket, currency) - self.paid.get(bucket, NOTHING)

    def open_total(self, currency: Currency) -> Decimal:
        """What is still owed in all buckets."""
        return sum((self.open_amount(bucket, currency) for bucket in Bucket), NOTHING)

    def open_by(self, bucket: Bucket, on: date, currency: Currency) -> Decimal:
        """What charges of a bucket that fell due by a day still ask for."""
        due = sum((a for day, b, a in self.charged_on if b is bucket and day <= on), NOTHING)
        return min(due - self.paid.get(bucket, NOTHING), self.open_amount(bucket, currency))

    def in_arrears(self, currency: Currency) -> bool:
        """Whether principal or interest is open; this alone counts days past due."""
        return (
            self.open_amount(Bucket.PRINCIPAL, currency) > 0
            or self.open_amount(Bucket.INTEREST, currency) > 0
        )

    def pay(self, bucket: Bucket, amount: Decimal, on: date, currency: Currency) -> None:
        """Let an amount pay one bucket, and remember how it stood to the due date."""
        self.paid[bucket] = self.paid.get(bucket, NOTHING) + amount
        if on < self.due_on:
            self.paid_in_advance += amount
        elif on > self.due_on:
            self.paid_late += amount
        if self.open_total(currency) == 0:
            self.paid_on = on

    def line(self, n: int, currency: Currency) -> AccountLine:
        """The row as the account shows it."""
        owed = {bucket: self.owed(bucket, currency) for bucket in Bucket}
        return AccountLine(
            n,
            self.period.start_on,
            self.due_on,
            {bucket: amount for bucket, amount in owed.items() if amount},
            {bucket: amount for bucket, amount in self.paid.items() if amount},
            self.balance_after,
            self.paid_on,
            self.paid_in_advance,
            self.paid_late,
            self.down_payment,
            self.late_to_on,
        )
