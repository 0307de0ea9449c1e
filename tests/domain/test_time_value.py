"""The time value of money against an independent library."""

from __future__ import annotations

from decimal import Decimal

import numpy_financial
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.time_value import (
    Timing,
    future_value,
    interest_part,
    internal_rate,
    level_payment,
    net_present_value,
    period_count,
    period_rate,
    present_value,
    principal_part,
)
from domain.violations import LoanRuleViolation
from tests.properties import examples

RATES = st.sampled_from(["0", "0.0041", "0.01", "0.075", "-0.02"]).map(Decimal)
AMOUNTS = st.integers(-50_000, 50_000).map(Decimal)


def close(ours: Decimal, theirs: float) -> bool:
    return float(ours) == pytest.approx(float(theirs), rel=1e-9, abs=1e-6)


@examples(150)
@given(RATES, st.integers(1, 120), AMOUNTS, AMOUNTS, st.booleans(), st.integers(1, 120))
def test_every_part_of_a_stream_is_what_the_library_says(
    rate: Decimal, periods: int, present: Decimal, other: Decimal, begins: bool, period: int
) -> None:
    assume(period <= periods)
    timing, when = Timing(rate, Decimal(periods), begins), "begin" if begins else "end"
    r, pv, fv = float(rate), float(present), float(other)
    assert close(
        level_payment(timing, present, other), numpy_financial.pmt(r, periods, pv, fv, when)
    )
    assert close(future_value(timing, other, present), numpy_financial.fv(r, periods, fv, pv, when))
    assert close(
        present_value(timing, other, present), numpy_financial.pv(r, periods, fv, pv, when)
    )
    assert close(
        interest_part(timing, period, present, other),
        numpy_financial.ipmt(r, period, periods, pv, fv, when),
    )
    whole = interest_part(timing, period, present, other) + principal_part(
        timing, period, present, other
    )
    assert close(whole, float(level_payment(timing, present, other)))


@examples(100)
@given(RATES, st.integers(2, 120), st.integers(1000, 90_000), st.booleans())
def test_count_and_rate_give_back_what_the_payment_was_made_of(
    rate: Decimal, periods: int, present: int, begins: bool
) -> None:
    assume(rate > 0)
    timing = Timing(rate, Decimal(periods), begins)
    payment = level_payment(timing, Decimal(present))
    count = period_count(rate, payment, Decimal(present), at_beginning=begins)
    assert abs(count - periods) < Decimal("1e-15")
    found = period_rate(Decimal(periods), payment, Decimal(present), at_beginning=begins)
    assert abs(found - rate) < Decimal("1e-12")


def test_values_one_period_apart_are_discounted_and_have_one_rate() -> None:
    values = [Decimal(one) for one in (-1000, 300, 420, 680)]
    theirs = [float(one) for one in values]
    assert close(net_present_value(Decimal("0.08"), values), numpy_financial.npv(0.08, theirs))
    assert close(internal_rate(values), numpy_financial.irr(theirs))


def test_what_never_happens_is_refused() -> None:
    with pytest.raises(LoanRuleViolation, match=r"time_value\.range"):
        level_payment(Timing(Decimal("0.1"), Decimal(0)), Decimal(1))
    with pytest.raises(LoanRuleViolation, match=r"time_value\.range"):
        Timing(Decimal(-1), Decimal(1))
    with pytest.raises(LoanRuleViolation, match=r"time_value\.range"):
        period_count(Decimal(0), Decimal(0), Decimal(1))
    with pytest.raises(LoanRuleViolation, match=r"time_value\.range"):
        period_count(Decimal("0.1"), Decimal(-5), Decimal(100))
    with pytest.raises(LoanRuleViolation, match=r"time_value\.range"):
        interest_part(Timing(Decimal("0.1"), Decimal(2)), 3, Decimal(1))
