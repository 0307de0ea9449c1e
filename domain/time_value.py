"""The value of money over equal periods: one unknown of a level stream of payments.

What is received counts above zero and what is paid below it. Payments fall at the end of each
period, or at its beginning. Rates are fractions a period; results have some 30 right digits.
Source: fv + pv x (1+r)^n + pmt x (1 + r x w) x ((1+r)^n - 1) / r = 0, w = 1 for payments at the
beginning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from domain.annual_rates import EXACT, Flow, effective_rate, only_force
from domain.violations import LoanRuleViolation

_NOTHING = Decimal(0)
_SEVERAL_TURNS = 2


@dataclass(frozen=True)
class Timing:
    """How many periods, at what rate, and where in each a payment falls.

    Range: rate above -1, periods not negative. Violations: `time_value.range`.
    """

    rate: Decimal
    periods: Decimal
    at_beginning: bool = False

    def __post_init__(self) -> None:
        if self.rate <= -1 or self.periods < 0:
            raise LoanRuleViolation("time_value.range")

    @property
    def growth(self) -> Decimal:
        """What one becomes over all periods."""
        return (1 + self.rate) ** self.periods

    @property
    def stream(self) -> Decimal:
        """What a payment of one in each period becomes."""
        if not self.rate:
            return self.periods
        early = 1 + self.rate if self.at_beginning else Decimal(1)
        return early * (self.growth - 1) / self.rate


def future_value(timing: Timing, payment: Decimal, present: Decimal) -> Decimal:
    """What is there after the last period."""
    with localcontext(EXACT):
        return -(present * timing.growth + payment * timing.stream)


def present_value(timing: Timing, payment: Decimal, future: Decimal = _NOTHING) -> Decimal:
    """What is there before the first period."""
    with localcontext(EXACT):
        return -(future + payment * timing.stream) / timing.growth


def level_payment(timing: Timing, present: Decimal, future: Decimal = _NOTHING) -> Decimal:
    """The payment of each period. Violations: `time_value.range` for no periods."""
    if not timing.periods:
        raise LoanRuleViolation("time_value.range")
    with localcontext(EXACT):
        return -(future + present * timing.growth) / timing.stream


def interest_part(
    timing: Timing, period: int, present: Decimal, future: Decimal = _NOTHING
) -> Decimal:
    """The interest in the payment of one period, from 1; the first at the beginning has none."""
    if not 1 <= period <= timing.periods:
        raise LoanRuleViolation("time_value.range")
    payment = level_payment(timing, present, future)
    before = Timing(timing.rate, Decimal(period - 1), timing.at_beginning)
    with localcontext(EXACT):
        interest = future_value(before, payment, present) * timing.rate
        if not timing.at_beginning:
            return interest
        return _NOTHING if period == 1 else interest / (1 + timing.rate)


def principal_part(
    timing: Timing, period: int, present: Decimal, future: Decimal = _NOTHING
) -> Decimal:
    """The rest of the payment of one period."""
    with localcontext(EXACT):
        whole = level_payment(timing, present, future)
        return whole - interest_part(timing, period, present, future)


def period_count(
    rate: Decimal,
    payment: Decimal,
    present: Decimal,
    future: Decimal = _NOTHING,
    *,
    at_beginning: bool = False,
) -> Decimal:
    """After how many periods the stream has done it. Violations: `time_value.range` where never."""
    with localcontext(EXACT):
        if rate <= -1 or (not rate and not payment):
            raise LoanRuleViolation("time_value.range")
        if not rate:
            return -(future + present) / payment
        level = payment * (1 + rate if at_beginning else Decimal(1)) / rate
        if present + level == 0 or (level - future) / (present + level) <= 0:
            raise LoanRuleViolation("time_value.range")
        return ((level - future) / (present + level)).ln() / (1 + rate).ln()


def period_rate(
    periods: Decimal,
    payment: Decimal,
    present: Decimal,
    future: Decimal = _NOTHING,
    *,
    at_beginning: bool = False,
) -> Decimal:
    """The rate of a period. Violations: `rate.no_solution`, `rate.several`, `time_value.range`."""

    def worth(force: Decimal) -> Decimal:
        timing = Timing(force.exp() - 1, periods, at_beginning)
        return (future + payment * timing.stream) / timing.growth + present

    with localcontext(EXACT):
        return only_force(worth, turns=_SEVERAL_TURNS).exp() - 1


def net_present_value(rate: Decimal, values: Sequence[Decimal]) -> Decimal:
    """Values one period apart, the first now, discounted at a rate."""
    if rate <= -1:
        raise LoanRuleViolation("time_value.range")
    with localcontext(EXACT):
        return sum((value / (1 + rate) ** n for n, value in enumerate(values)), _NOTHING)


def internal_rate(values: Sequence[Decimal]) -> Decimal:
    """The rate at which values one period apart are worth nothing. Violations: `rate.*`."""
    return effective_rate(Flow(Decimal(n), value) for n, value in enumerate(values))
