"""One instalment of a level-instalment loan while the account is being folded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from domain.repayments import Bucket
from domain.schedules.periods import Period

NOTHING = Decimal(0)


@dataclass
class DailyInstalment:
    """What is to be paid, what was paid, and how the two follow from one another.

    `level` is principal and interest together; `agreed_level` is what it was before money came.
    `payments` are principal paid and on which day. Unit: the currency.
    """

    period: Period
    level: Decimal = NOTHING
    agreed_level: Decimal = NOTHING
    principal: Decimal = NOTHING
    interest: Decimal = NOTHING
    deferred: Decimal = NOTHING
    accrued: Decimal = NOTHING
    paid_principal: Decimal = NOTHING
    paid_interest: Decimal = NOTHING
    payments: list[tuple[date, Decimal]] = field(default_factory=list)
    charged: dict[Bucket, Decimal] = field(default_factory=dict)
    charged_to: date | None = None
    """The last day one of its charges falls due."""
    charges_paid: dict[Bucket, Decimal] = field(default_factory=dict)
    credits: list[tuple[date, Decimal]] = field(default_factory=list)
    credited_interest: Decimal = NOTHING
    fixed_interest: Decimal = NOTHING
    """Interest agreed as an amount, whatever the balance."""
    interest_moved: bool = False
    """Its own interest was moved elsewhere: it bears none."""
    moved_in: Decimal = NOTHING
    """Interest of later, paid-up instalments that only this open one can still ask for."""
    moved_met: Decimal = NOTHING
    """More of it, that interest paid on this one has met before: it bears it, its level has it."""
    moved_round: Decimal = NOTHING
    """The part of it that it had itself put off before."""
    moved_out: bool = False
    """Its own interest is asked for by an earlier instalment."""
    interest_only: bool = False
    extra: bool = False
    """A row after maturity, for principal owed again; it bears no interest."""
    down_payment: bool = False
    last_paid_on: date | None = None
    in_advance: Decimal = NOTHING
    late: Decimal = NOTHING

    def copied(self) -> DailyInstalment:
        """A copy that can be tried on without touching this one."""
        made = DailyInstalment(**vars(self))
        made.payments = list(self.payments)
        made.credits = list(self.credits)
        made.charged, made.charges_paid = dict(self.charged), dict(self.charges_paid)
        return made

    @property
    def credited(self) -> Decimal:
        """Principal that came back onto the instalment."""
        return sum((amount for _, amount in self.credits), NOTHING)

    @property
    def paid(self) -> Decimal:
        """Principal and interest paid together."""
        return self.paid_principal + self.paid_interest

    @property
    def to_pay(self) -> Decimal:
        """The level instalment and what came back onto it."""
        return self.level + self.credited + self.credited_interest + self.moved_in

    @property
    def floor(self) -> Decimal:
        """The lowest level that what was paid leaves room for."""
        return max(self.paid - self.credited - self.credited_interest, NOTHING)

    @property
    def paid_ahead(self) -> Decimal:
        """Interest paid that the instalment itself did not bear."""
        return max(self.paid_interest - self.accrued, NOTHING)

    @property
    def settled(self) -> bool:
        """Whether its principal and interest are paid."""
        return self.to_pay == self.paid

    def split(self, accrued: Decimal) -> None:
        """Divide the instalment into interest and principal; what does not fit is put off.

        Interest paid stays paid. An instalment whose principal is already paid asks for no more
        interest than was paid: the rest moves into the next one.
        """
        accrued += self.credited_interest
        self.accrued = accrued
        reached = self.paid_principal > max(self.to_pay - accrued, NOTHING)
        due = self.paid_interest if reached else min(accrued, max(self.to_pay, NOTHING))
        self.interest = max(due, self.paid_interest)
        self.principal = max(self.to_pay - self.interest, self.paid_principal, NOTHING)
        self.deferred = max(accrued - self.interest, NOTHING)

    def owed(self, bucket: Bucket) -> Decimal:
        """What is owed in a bucket, paid or not."""
        if bucket is Bucket.PRINCIPAL:
            return self.principal
        if bucket is Bucket.INTEREST:
            return self.interest
        return self.charged.get(bucket, NOTHING)

    def already(self, bucket: Bucket) -> Decimal:
        """What was paid in a bucket."""
        if bucket is Bucket.PRINCIPAL:
            return self.paid_principal
        if bucket is Bucket.INTEREST:
            return self.paid_interest
        return self.charges_paid.get(bucket, NOTHING)

    def open_amount(self, bucket: Bucket) -> Decimal:
        """What is still owed in a bucket."""
        return self.owed(bucket) - self.already(bucket)

    @property
    def open_total(self) -> Decimal:
        """What is still owed in all buckets."""
        return sum((self.open_amount(bucket) for bucket in Bucket), NOTHING)

    def pay(self, bucket: Bucket, amount: Decimal, on: date, counts_from: date) -> None:
        """Take money into one bucket; principal stops bearing interest from `counts_from`."""
        if bucket is Bucket.PRINCIPAL:
            self.paid_principal += amount
            self.payments.append((counts_from, amount))
        elif bucket is Bucket.INTEREST:
            self.paid_interest += amount
        else:
            self.charges_paid[bucket] = self.already(bucket) + amount
        self.last_paid_on = on
        self.in_advance += amount if on < self.period.due_on else NOTHING
        self.late += amount if on > self.period.due_on else NOTHING
