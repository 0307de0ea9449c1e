"""An account as the engine answers it: one frozen value that pages, books and papers read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.ledger import LedgerAccount
from domain.repayments import Bucket


class AccrualStatus(StrEnum):
    """Whether interest is income as it accrues."""

    ACCRUAL = "accrual"
    NON_ACCRUAL = "non_accrual"


@dataclass(frozen=True)
class AccountLine:
    """One instalment as it stands on the account's day.

    Unit: the currency. `owed[bucket]` and `paid[bucket]` hold only buckets that are not zero;
    penalty and compound are what has accrued so far. `waived` likewise.
    """

    n: int
    period_start_on: date
    due_on: date
    owed: Mapping[Bucket, Decimal]
    paid: Mapping[Bucket, Decimal]
    balance_after: Decimal
    paid_on: date | None = None
    paid_in_advance: Decimal = Decimal(0)
    paid_late: Decimal = Decimal(0)
    down_payment: bool = False
    late_to_on: date | None = None
    """The day its lateness is reckoned to; None where none has run."""

    def open_amount(self, bucket: Bucket) -> Decimal:
        """What is still owed in one bucket."""
        return self.owed.get(bucket, Decimal(0)) - self.paid.get(bucket, Decimal(0))

    @property
    def total(self) -> Decimal:
        """All that is owed on the instalment, paid or not."""
        return sum(self.owed.values(), Decimal(0))

    @property
    def open_total(self) -> Decimal:
        """All that is still owed on the instalment."""
        return self.total - sum(self.paid.values(), Decimal(0))


@dataclass(frozen=True)
class Portion:
    """The part of a movement that went to one bucket of one instalment. Above zero."""

    n: int
    bucket: Bucket
    amount: Decimal


@dataclass(frozen=True)
class Movement:
    """How the engine took one event apart. `held` went to suspense (positive) or came from it."""

    key: str
    kind: str
    value_on: date
    amount: Decimal
    portions: tuple[Portion, ...]
    held: Decimal
    balance_after: Decimal
    reversed: bool = False


@dataclass(frozen=True)
class Account:
    """A loan account on one day. Every figure in the note's currency, in its smallest unit.

    `accrued_interest`: contract interest earned to `as_of` and not yet due or paid.
    `positions`: balance of each ledger account from the loan's own events, debit positive; they sum
    to zero. What a day's journal books is the difference of two positions.
    """

    as_of: date
    lines: tuple[AccountLine, ...]
    movements: tuple[Movement, ...]
    outstanding: Decimal
    accrued_interest: Decimal
    held: Decimal
    days_past_due: int
    accrual_status: AccrualStatus
    yearly_rate: Decimal
    accelerated_on: date | None
    written_off_on: date | None
    positions: Mapping[LedgerAccount, Decimal]
    refund_payable: Decimal = Decimal(0)
    """Money promised back to its payers and not yet paid; no longer held."""
    misused: Decimal = Decimal(0)
    """Principal the misuse rate counts on."""

    @property
    def next_due_on(self) -> date | None:
        """The first due date with anything open."""
        return next((line.due_on for line in self.lines if line.open_total > 0), None)

    @property
    def settled(self) -> bool:
        """Whether nothing is owed any more."""
        return bool(self.lines) and all(line.open_total == 0 for line in self.lines)

    def open_amount(self, bucket: Bucket, due_by: date | None = None) -> Decimal:
        """What is open in one bucket, of everything or only of what was due by a day."""
        lines = (line for line in self.lines if due_by is None or line.due_on <= due_by)
        return sum((line.open_amount(bucket) for line in lines), Decimal(0))
