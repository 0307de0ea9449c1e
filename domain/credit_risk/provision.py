"""A provision matrix for receivables by age (减值准备矩阵), from what was never paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from domain.violations import LoanRuleViolation

_WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True)
class AgeBand:
    """`loss_rate` is the share of what reached this age that was never paid."""

    outstanding: Decimal
    loss_rate: Decimal
    provision: Decimal


def provision_by_age(
    outstanding: Sequence[Decimal],
    reached: Sequence[Decimal],
    never_paid: Decimal,
    unit: Decimal = _WHOLE,
) -> tuple[AgeBand, ...]:
    """Loss rate of an age = never paid / receivables that reached it; provision = rate x balance.

    Rounding: each provision HALF_UP to `unit`; the rate is exact to the context.
    Source: IFRS 9 B5.5.35. Violations: `figures.range` for lists of unequal length, negative
    balances, or less reaching an age than was never paid.
    """
    if len(outstanding) != len(reached) or min((*outstanding, never_paid), default=_WHOLE) < 0:
        raise LoanRuleViolation("figures.range")
    if any(amount <= 0 or amount < never_paid for amount in reached):
        raise LoanRuleViolation("figures.range")
    rates = [never_paid / amount for amount in reached]
    return tuple(
        AgeBand(owed, rate, (owed * rate).quantize(unit, ROUND_HALF_UP))
        for owed, rate in zip(outstanding, rates, strict=True)
    )
