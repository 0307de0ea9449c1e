"""What a loan costs a year, against hand figures, an independent solver and what cannot be."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from domain.annual_rates import (
    Flow,
    UnitPeriod,
    effective_rate,
    effective_rate_of_dates,
    rounded_percent,
    years_between,
)
from domain.unit_periods import unit_period_rate
from domain.violations import LoanRuleViolation
from tests.properties import examples


def monthly(lent: str, instalment: str, last: str, count: int) -> list[Flow]:
    flows = [Flow(Decimal(0), Decimal(lent))]
    flows += [Flow(Decimal(n) / 12, -Decimal(instalment)) for n in range(1, count)]
    return [*flows, Flow(Decimal(count) / 12, -Decimal(last))]


def test_the_worked_loan_costs_its_nominal_rate_compounded() -> None:
    rate = effective_rate(monthly("1200000", "102371.88", "102371.89", 12))
    assert round(rate, 6) == Decimal("0.044378")


def test_a_fee_at_drawdown_makes_the_worked_loan_dearer() -> None:
    rate = effective_rate(monthly("1188000", "102371.88", "102371.89", 12))
    assert round(rate, 6) == Decimal("0.064097")
    monthly_rate = (1 + rate) ** (Decimal(1) / 12) - 1
    assert round(monthly_rate, 8) == Decimal("0.00519064")
    assert round(monthly_rate * 12, 6) == Decimal("0.062288")


@examples(60)
@given(
    st.lists(st.integers(100, 90_000), min_size=1, max_size=24),
    st.integers(20, 400),
    st.floats(0.55, 0.98),
)
def test_dated_flows_cost_what_an_independent_solver_says(
    payments: list[int], step_days: int, share: float
) -> None:
    first = date(2024, 1, 31)
    days = [first + timedelta(days=step_days * n) for n in range(1, len(payments) + 1)]
    lent = int(sum(payments) * share) or 1
    flows = [
        (first, Decimal(lent)),
        *((d, -Decimal(p)) for d, p in zip(days, payments, strict=True)),
    ]
    theirs = pyxirr.xirr([day for day, _ in flows], [float(amount) for _, amount in flows])
    assert theirs is not None
    assert float(effective_rate_of_dates(flows)) == pytest.approx(theirs, rel=1e-6, abs=1e-8)


def test_a_loan_never_paid_back_costs_no_rate_that_could_be_named() -> None:
    with pytest.raises(LoanRuleViolation) as refused:
        effective_rate([Flow(Decimal(0), Decimal(100))])
    assert refused.value.code == "rate.no_solution"


def test_flows_that_several_rates_explain_are_refused() -> None:
    # -100, +230, -132: both 10 % and 20 % do it
    flows = [
        Flow(Decimal(0), Decimal(-100)),
        Flow(Decimal(1), Decimal(230)),
        Flow(Decimal(2), Decimal("-132.2")),
        Flow(Decimal(3), Decimal(0)),
    ]
    doubled = [Flow(flow.time * 10, flow.amount) for flow in flows]
    with pytest.raises(LoanRuleViolation):
        effective_rate([*doubled, Flow(Decimal(0), Decimal(-1))])


def test_a_payment_one_period_later_costs_its_simple_interest() -> None:
    rate = unit_period_rate(
        Decimal(1000), date(2026, 1, 10), [(date(2026, 2, 10), Decimal(1010))], UnitPeriod.MONTH
    )
    assert rounded_percent(rate, 2) == Decimal("12.00")


@pytest.mark.parametrize(
    ("first", "day", "unit", "years"),
    [
        (date(2026, 3, 2), date(2026, 4, 2), UnitPeriod.MONTH, Decimal(1) / 12),
        (date(2026, 1, 31), date(2026, 2, 28), UnitPeriod.MONTH, Decimal(1) / 12),
        (date(2026, 3, 2), date(2027, 3, 2), UnitPeriod.MONTH, Decimal(1)),
        (
            date(2026, 3, 2),
            date(2026, 4, 12),
            UnitPeriod.MONTH,
            Decimal(1) / 12 + Decimal(10) / 365,
        ),
        (
            date(2024, 2, 19),
            date(2024, 4, 29),
            UnitPeriod.MONTH,
            Decimal(2) / 12 + Decimal(10) / 366,
        ),
        (date(2026, 3, 2), date(2026, 3, 16), UnitPeriod.WEEK, Decimal(2) / 52),
        (date(2026, 3, 2), date(2026, 3, 18), UnitPeriod.WEEK, Decimal(2) / 52 + Decimal(2) / 365),
        (date(2026, 3, 2), date(2026, 3, 18), UnitPeriod.DAY, Decimal(16) / 365),
        (date(2026, 3, 2), date(2026, 3, 2), UnitPeriod.MONTH, Decimal(0)),
    ],
)
def test_time_is_counted_in_equal_months_and_odd_days(
    first: date, day: date, unit: UnitPeriod, years: Decimal
) -> None:
    assert abs(years_between(first, day, unit) - years) < Decimal("1e-25")
