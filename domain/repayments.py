"""The kinds of debt, and an instalment as the books keep it. How it came about: domain.accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

_NOTHING = Decimal(0)


class Bucket(StrEnum):
    """The kinds of debt a receipt pays."""

    FEE = "fee"
    PENALTY = "penalty"
    COMPOUND = "compound"
    INTEREST = "interest"
    PRINCIPAL = "principal"


ACCRUAL_ORDER: tuple[Bucket, ...] = (
    Bucket.FEE,
    Bucket.PENALTY,
    Bucket.COMPOUND,
    Bucket.INTEREST,
    Bucket.PRINCIPAL,
)
"""The order for a note on accrual. Source: Civil Code art. 561, costs, interest, principal."""


@dataclass(frozen=True)
class InstalmentState:
    """One instalment as it stands: what was due, what lateness added, what was paid.

    Unit: the note's currency. Range: nothing negative, nothing paid beyond what is owed.
    Rounding: `penalty_accrued` and `compound_accrued` are whole smallest units; the residuals keep
    what rounding took or gave (8 places, either sign), so that accruing day by day and accruing
    once come to the same cent. `accrued_to_on` None means nothing has accrued yet.
    """

    n: int
    due_on: date
    principal: Decimal
    interest: Decimal
    principal_paid: Decimal = _NOTHING
    interest_paid: Decimal = _NOTHING
    penalty_paid: Decimal = _NOTHING
    compound_paid: Decimal = _NOTHING
    penalty_accrued: Decimal = _NOTHING
    compound_accrued: Decimal = _NOTHING
    accrued_to_on: date | None = None
    penalty_residual: Decimal = _NOTHING
    compound_residual: Decimal = _NOTHING
    fee: Decimal = _NOTHING
    fee_paid: Decimal = _NOTHING

    def __post_init__(self) -> None:
        for bucket in Bucket:
            owed, paid = self._owed_and_paid(bucket)
            if not 0 <= paid <= owed:
                raise ValueError(f"instalment {self.n}: {bucket} paid is outside what is owed")

    def open_amount(self, bucket: Bucket) -> Decimal:
        """What is still owed in one bucket."""
        owed, paid = self._owed_and_paid(bucket)
        return owed - paid

    @property
    def open_total(self) -> Decimal:
        """What is still owed in all buckets together."""
        return sum((self.open_amount(bucket) for bucket in Bucket), _NOTHING)

    @property
    def in_arrears(self) -> bool:
        """Whether principal or interest is open; this alone counts days past due."""
        return self.open_amount(Bucket.PRINCIPAL) + self.open_amount(Bucket.INTEREST) > 0

    def _owed_and_paid(self, bucket: Bucket) -> tuple[Decimal, Decimal]:
        match bucket:
            case Bucket.FEE:
                return self.fee, self.fee_paid
            case Bucket.PENALTY:
                return self.penalty_accrued, self.penalty_paid
            case Bucket.COMPOUND:
                return self.compound_accrued, self.compound_paid
            case Bucket.INTEREST:
                return self.interest, self.interest_paid
            case Bucket.PRINCIPAL:
                return self.principal, self.principal_paid
            case _:
                assert_never(bucket)


@dataclass(frozen=True)
class Allocation:
    """The part of a receipt that paid one bucket of one instalment. Always above zero."""

    bucket: Bucket
    n: int
    amount: Decimal


def days_past_due(states: Sequence[InstalmentState], as_of: date) -> int:
    """Days since the oldest due date with principal or interest open (逾期天数), else zero.

    Unit: calendar days. Range: 0 on the due date itself, 1 the day after.
    """
    unpaid = [state.due_on for state in states if state.in_arrears and state.due_on < as_of]
    return (as_of - min(unpaid)).days if unpaid else 0


def is_settled(states: Sequence[InstalmentState]) -> bool:
    """Whether nothing is owed any more, on any instalment and in any bucket."""
    return all(state.open_total == 0 for state in states)
