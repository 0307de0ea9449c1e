"""What a contract says about money after it is lent: which debt is paid first, what lateness costs.

The shape of the schedule itself (method, periods, day count, rounding) is `domain.schedules`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.accounts.events import ReceiptKind
from domain.day_counts import DayCount
from domain.repayments import ACCRUAL_ORDER, Bucket
from domain.schedules import ScheduleTerms


class InterestBasis(StrEnum):
    """Where the interest of an instalment comes from after the loan started."""

    SCHEDULED = "scheduled"
    """As the schedule says; early or late money alone does not change it."""
    DAILY_BALANCE = "daily_balance"
    """From the principal really owed each day: early money saves, late money costs."""


class FutureMoney(StrEnum):
    """What money does that nothing due asks for."""

    HOLD = "hold"
    """It is held in suspense until something falls due, or is paid back. The house default."""
    NEXT_INSTALMENT = "next_instalment"
    LAST_INSTALMENT = "last_instalment"
    NEXT_THEN_LAST = "next_then_last"
    """It pays the instalment in progress, then the last ones."""
    REAMORTISE = "reamortise"


class Timing(StrEnum):
    """How an instalment stands to the value date of a receipt."""

    PAST_DUE = "past_due"
    DUE = "due"
    IN_ADVANCE = "in_advance"


class Processing(StrEnum):
    """Whether a receipt finishes an instalment first, or a kind of debt first."""

    INSTALMENT_FIRST = "instalment_first"
    BUCKET_FIRST = "bucket_first"


@dataclass(frozen=True)
class Slot:
    """One place in an allocation order."""

    timing: Timing
    bucket: Bucket


def every_timing(order: tuple[Bucket, ...]) -> tuple[Slot, ...]:
    """An order of buckets as slots: past due and due debts alike, then debts in advance."""
    standing = (Timing.PAST_DUE, Timing.DUE)
    due = tuple(Slot(timing, bucket) for bucket in order for timing in standing)
    return due + tuple(Slot(Timing.IN_ADVANCE, bucket) for bucket in order)


@dataclass(frozen=True)
class AllocationRule:
    """Which debt a receipt pays first (冲销顺序), and what becomes of the rest.

    Source: an attribute of the contract; the house default is Civil Code art. 561.
    """

    order: tuple[Slot, ...]
    processing: Processing = Processing.BUCKET_FIRST
    future: FutureMoney = FutureMoney.HOLD
    charges_by_day: bool = False
    """A fee or lump penalty is due from its own day, though its instalment falls due later."""


HOUSE_ALLOCATION = AllocationRule(every_timing(ACCRUAL_ORDER))
NON_ACCRUAL_ALLOCATION = AllocationRule(
    every_timing((Bucket.FEE, Bucket.PRINCIPAL, Bucket.INTEREST, Bucket.COMPOUND, Bucket.PENALTY))
)
"""Once interest is doubtful, money brings the principal back first."""


@dataclass(frozen=True)
class LatenessTerms:
    """What lateness and misuse cost.

    `penalty_uplift` and `misuse_uplift` are shares of the contract rate (0.5 makes 4 % into 6 %);
    overdue and misused at once bears the heavier of the two, never both. `grace_days`: paid within
    them, lateness costs nothing; paid after, it counts from the due date. `compound`: unpaid
    interest bears the penalty rate too. Unit of day counts: calendar days.
    Source: the central bank's rule on overdue (+30 to 50 %) and misused (+50 to 100 %) loans.
    """

    penalty_uplift: Decimal = Decimal("0.5")
    misuse_uplift: Decimal = Decimal(1)
    compound: bool = True
    grace_days: int = 0
    day_count: DayCount = DayCount.ACT_360
    non_accrual_after_days: int = 90
    penalised: bool = True
    """False: lateness has no rate of its own (contract interest runs on what is late)."""


HOUSE_LATENESS = LatenessTerms()


class Rest(StrEnum):
    """How far interest runs on what is overdue or paid early, where it follows the balance."""

    DAY = "day"
    INSTALMENT = "instalment"
    """To the end of the instalment in progress."""


class EarlyMoney(StrEnum):
    """What principal ahead of time does to the instalments behind (cumulative family only)."""

    LOWER_INSTALMENTS = "lower_instalments"
    FEWER_INSTALMENTS = "fewer_instalments"
    NEXT_INSTALMENTS = "next_instalments"
    """The next ones ask for so much less principal, until it is used up."""


@dataclass(frozen=True, kw_only=True)
class AccountTerms:
    """A whole contract as the account engine reads it: the schedule's terms and the money's."""

    schedule: ScheduleTerms
    interest_basis: InterestBasis = InterestBasis.SCHEDULED
    allocation: AllocationRule = HOUSE_ALLOCATION
    non_accrual_allocation: AllocationRule = NON_ACCRUAL_ALLOCATION
    lateness: LatenessTerms = HOUSE_LATENESS
    receipt_allocation: tuple[tuple[ReceiptKind, AllocationRule], ...] = ()
    """Rules of their own for money of certain kinds; all other money goes by `allocation`."""

    def allocation_of(self, kind: ReceiptKind) -> AllocationRule:
        """The rule that money of a kind is allocated by while the loan is on accrual."""
        return dict(self.receipt_allocation).get(kind, self.allocation)

    rest: Rest = Rest.DAY
    """Up to where overdue principal bears contract interest (daily balance only)."""
    payoff_rest: Rest = Rest.DAY
    """Up to where an early payoff pays interest (daily balance only)."""
    early_money: EarlyMoney = EarlyMoney.LOWER_INSTALMENTS
    """What early principal does (daily balance of the cumulative family only)."""
    interest_on_overdue: bool = True
    """Whether overdue principal bears contract interest at all (daily balance only)."""
    full_term_tranches: bool = False
    """Each tranche runs the full number of instalments of its own (daily balance only)."""
    refunds_interest: tuple[ReceiptKind, ...] = ()
    """Kinds of refund that bring back the interest of the refunded money (daily balance only)."""
