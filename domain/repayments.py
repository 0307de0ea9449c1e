"""What a borrower owes on a day, what lateness adds, and which debt a receipt pays first.

Two steps, always in this order: `accrue_penalty` up to the receipt's value date, then `allocate`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from domain.money import Currency, round_half_up
from domain.schedules import ScheduleLine
from domain.violations import LoanRuleViolation

DEFAULT_PENALTY_UPLIFT = Decimal("0.5")
"""Overdue principal costs half as much again as the contract rate, unless agreed otherwise.

Source: People's Bank of China rule of 2003, contract rate plus 30 to 50 % when overdue.
"""

RESIDUAL_PLACES = 8
_YEAR_DAYS = 360
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

    @classmethod
    def of_line(cls, line: ScheduleLine) -> InstalmentState:
        """An instalment as the schedule sets it, with nothing paid."""
        return cls(line.n, line.due_on, line.principal, line.interest)

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

    def paying(self, bucket: Bucket, amount: Decimal) -> InstalmentState:
        """The instalment after an amount went to one bucket."""
        match bucket:
            case Bucket.FEE:
                return replace(self, fee_paid=self.fee_paid + amount)
            case Bucket.PENALTY:
                return replace(self, penalty_paid=self.penalty_paid + amount)
            case Bucket.COMPOUND:
                return replace(self, compound_paid=self.compound_paid + amount)
            case Bucket.INTEREST:
                return replace(self, interest_paid=self.interest_paid + amount)
            case Bucket.PRINCIPAL:
                return replace(self, principal_paid=self.principal_paid + amount)
            case _:
                assert_never(bucket)

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
class InstalmentDue:
    """What an instalment that has come due still asks for, without what lateness added."""

    n: int
    due_on: date
    principal_open: Decimal
    interest_open: Decimal


@dataclass(frozen=True)
class OverdueInstalment:
    """One overdue instalment on the day of an arrears statement. Unit: the note's currency."""

    n: int
    due_on: date
    days_past_due: int
    principal_open: Decimal
    interest_open: Decimal
    penalty_open: Decimal
    compound_open: Decimal


@dataclass(frozen=True)
class Arrears:
    """Everything overdue on a day. `penalty` and `compound` are what is accrued and unpaid."""

    as_of: date
    days_past_due: int
    instalments: tuple[OverdueInstalment, ...]
    penalty: Decimal
    compound: Decimal

    @property
    def total(self) -> Decimal:
        """What would clear the arrears on that day."""
        debts = (line.principal_open + line.interest_open for line in self.instalments)
        return sum(debts, self.penalty + self.compound)


@dataclass(frozen=True)
class Allocation:
    """The part of a receipt that paid one bucket of one instalment. Always above zero."""

    bucket: Bucket
    n: int
    amount: Decimal


@dataclass(frozen=True)
class AllocationResult:
    """A receipt taken apart: what it paid, how the instalments stand, and what nothing asked for.

    The allocations and the surplus sum exactly to the receipt.
    """

    allocations: tuple[Allocation, ...]
    states: tuple[InstalmentState, ...]
    surplus: Decimal


def penalty_rate(yearly_rate: Decimal, penalty_uplift: Decimal) -> Decimal:
    """The yearly rate on overdue debt (罚息利率): contract rate x (1 + uplift). Rounding: none."""
    return yearly_rate * (1 + penalty_uplift)


def penalty_due(
    principal_open: Decimal, penalty_rate: Decimal, from_on: date, to_on: date, currency: Currency
) -> Decimal:
    """Penalty interest (罚息) on overdue principal over [from_on, to_on).

    Unit: the currency; `penalty_rate` a yearly fraction with the uplift inside. Day count: ACT/360.
    Range: zero if `to_on` is not later. Rounding: HALF_UP.
    Source: principal x rate x days / 360.
    """
    return round_half_up(_act_360(principal_open, penalty_rate, from_on, to_on), currency)


def compound_due(
    interest_open: Decimal, penalty_rate: Decimal, from_on: date, to_on: date, currency: Currency
) -> Decimal:
    """Compound interest (复利) on unpaid interest over [from_on, to_on), at the penalty rate.

    Unit, day count, range, rounding: as `penalty_due`. Penalty interest itself never compounds.
    """
    return round_half_up(_act_360(interest_open, penalty_rate, from_on, to_on), currency)


def accrue_penalty(
    states: Sequence[InstalmentState],
    yearly_rate: Decimal,
    penalty_uplift: Decimal = DEFAULT_PENALTY_UPLIFT,
    *,
    to_on: date,
    currency: Currency,
) -> tuple[InstalmentState, ...]:
    """Bring penalty and compound interest of every overdue instalment up to a day.

    Counts from the later of the due date and the last accrual, on what is open now; call it
    before anything that changes what is open. A day not later than the last accrual changes
    nothing. Rounding: HALF_UP of the running total; the residual carries the rest.
    """
    rate = penalty_rate(yearly_rate, penalty_uplift)
    return tuple(_accrued(state, rate, to_on, currency) for state in states)


def arrears(
    instalments: Sequence[InstalmentState],
    yearly_rate: Decimal,
    penalty_uplift: Decimal = DEFAULT_PENALTY_UPLIFT,
    *,
    as_of: date,
    currency: Currency,
) -> Arrears:
    """State everything overdue at the start of a day, lateness accrued up to it.

    Unit: the currency. Rounding: as `accrue_penalty`. Nothing is changed.
    """
    states = accrue_penalty(
        instalments, yearly_rate, penalty_uplift, to_on=as_of, currency=currency
    )
    late = [state for state in _oldest_first(states) if state.due_on < as_of and state.open_total]
    return Arrears(
        as_of,
        days_past_due(states, as_of),
        tuple(_overdue(state, as_of) for state in late),
        sum((state.open_amount(Bucket.PENALTY) for state in late), _NOTHING),
        sum((state.open_amount(Bucket.COMPOUND) for state in late), _NOTHING),
    )


def allocate(
    amount: Decimal,
    states: Sequence[InstalmentState],
    value_on: date,
    order: Sequence[Bucket] = ACCRUAL_ORDER,
) -> AllocationResult:
    """Spread a receipt (还款冲销) over what is due on its value date.

    Bucket by bucket in `order`, and within a bucket the oldest instalment first. Instalments due
    later take nothing; what is left over is the surplus. Unit: the note's currency. Range: the
    amount is finite and not negative. Rounding: none.
    Source: Civil Code art. 560 and 561; the order itself is the contract's.
    """
    if not amount.is_finite() or amount < 0:
        raise LoanRuleViolation("amount.range")
    standing = {state.n: state for state in states}
    due = [state.n for state in _oldest_first(states) if state.due_on <= value_on]
    allocations: list[Allocation] = []
    for bucket, n in ((bucket, n) for bucket in order for n in due):
        part = min(amount, standing[n].open_amount(bucket))
        if part > 0:
            standing[n] = standing[n].paying(bucket, part)
            allocations.append(Allocation(bucket, n, part))
            amount -= part
    return AllocationResult(tuple(allocations), tuple(standing[s.n] for s in states), amount)


def days_past_due(states: Sequence[InstalmentState], as_of: date) -> int:
    """Days since the oldest due date with principal or interest open (逾期天数), else zero.

    Unit: calendar days. Range: 0 on the due date itself, 1 the day after.
    """
    unpaid = [state.due_on for state in states if state.in_arrears and state.due_on < as_of]
    return (as_of - min(unpaid)).days if unpaid else 0


def instalments_due(states: Sequence[InstalmentState], on: date) -> tuple[InstalmentDue, ...]:
    """Instalments that have come due by a day and are not fully paid, oldest first."""
    return tuple(
        InstalmentDue(
            state.n,
            state.due_on,
            state.open_amount(Bucket.PRINCIPAL),
            state.open_amount(Bucket.INTEREST),
        )
        for state in _oldest_first(states)
        if state.due_on <= on and state.in_arrears
    )


def total_due(states: Sequence[InstalmentState], on: date) -> Decimal:
    """All that is owed on instalments due by a day, as accrued so far. Unit: the currency."""
    return sum((state.open_total for state in states if state.due_on <= on), _NOTHING)


def principal_outstanding(states: Sequence[InstalmentState]) -> Decimal:
    """Principal not yet repaid, due or not. Unit: the currency."""
    return sum((state.open_amount(Bucket.PRINCIPAL) for state in states), _NOTHING)


def is_settled(states: Sequence[InstalmentState]) -> bool:
    """Whether nothing is owed any more, on any instalment and in any bucket."""
    return all(state.open_total == 0 for state in states)


def _act_360(base: Decimal, yearly_rate: Decimal, from_on: date, to_on: date) -> Decimal:
    return base * yearly_rate * max((to_on - from_on).days, 0) / _YEAR_DAYS


def _accrued(
    state: InstalmentState, rate: Decimal, to_on: date, currency: Currency
) -> InstalmentState:
    from_on = max(state.due_on, state.accrued_to_on or state.due_on)
    if to_on <= from_on:
        return state
    penalty = _act_360(state.open_amount(Bucket.PRINCIPAL), rate, from_on, to_on)
    compound = _act_360(state.open_amount(Bucket.INTEREST), rate, from_on, to_on)
    penalty_exact = state.penalty_accrued + state.penalty_residual + penalty
    compound_exact = state.compound_accrued + state.compound_residual + compound
    penalty_now, compound_now = (
        round_half_up(penalty_exact, currency),
        round_half_up(compound_exact, currency),
    )
    return replace(
        state,
        penalty_accrued=penalty_now,
        compound_accrued=compound_now,
        penalty_residual=round(penalty_exact - penalty_now, RESIDUAL_PLACES),
        compound_residual=round(compound_exact - compound_now, RESIDUAL_PLACES),
        accrued_to_on=to_on,
    )


def _overdue(state: InstalmentState, as_of: date) -> OverdueInstalment:
    return OverdueInstalment(
        state.n,
        state.due_on,
        (as_of - state.due_on).days,
        state.open_amount(Bucket.PRINCIPAL),
        state.open_amount(Bucket.INTEREST),
        state.open_amount(Bucket.PENALTY),
        state.open_amount(Bucket.COMPOUND),
    )


def _oldest_first(states: Sequence[InstalmentState]) -> list[InstalmentState]:
    return sorted(states, key=lambda state: (state.due_on, state.n))
