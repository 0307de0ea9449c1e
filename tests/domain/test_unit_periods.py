"""The unit-period method against hand figures and against its own equation."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.annual_rates import UnitPeriod, rounded_percent
from domain.unit_periods import unit_period_rate
from domain.violations import LoanRuleViolation
from tests.properties import examples

LENT_ON = date(2026, 1, 10)


def percent(
    *payments: tuple[date, int],
    unit: UnitPeriod = UnitPeriod.MONTH,
    every: int = 1,
    lent_on: date = LENT_ON,
) -> str:
    paid = [(day, Decimal(amount)) for day, amount in payments]
    return str(rounded_percent(unit_period_rate(Decimal(1000), lent_on, paid, unit, every), 2))


@pytest.mark.parametrize(
    ("day", "amount", "yearly"),
    [
        (date(2026, 7, 10), 1060, "12.00"),  # half a year: 6 % twice
        (date(2026, 4, 20), 1020, "7.30"),  # 2 % for 100 days of 365
        (date(2027, 1, 10), 1090, "9.00"),
        (date(2028, 1, 10), 1210, "10.00"),  # two years of 10 %
        (date(2027, 7, 10), 1155, "10.00"),  # 1.1 x (1 + 0.1 x 6/12)
        (date(2027, 3, 24), 1122, "10.00"),  # 1.1 x (1 + 0.1 x 73/365), as near as cents go
    ],
)
def test_one_advance_repaid_at_once_has_its_term_for_unit_period(
    day: date, amount: int, yearly: str
) -> None:
    assert percent((day, amount)) == yearly
    assert percent((day, amount), unit=UnitPeriod.WEEK, every=2) == yearly


def test_an_odd_year_counts_whole_months_as_twelfths_and_other_days_over_365() -> None:
    # 800 is left after 1000 x (1 + 0.1 x odd) - 300 = 730, and grows by 10 %
    whole = percent((date(2026, 4, 10), 295), (date(2027, 4, 10), 803), every=12)
    # 1000 x (1 + 0.1 x 3/12) = 1025; 1025 - 295 = 730; 730 x 1.1 = 803
    assert whole == "10.00"


@pytest.mark.parametrize("first", [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)])
def test_payments_on_the_last_day_of_each_month_are_a_month_apart(first: date) -> None:
    last_days = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
    days = [day for day in last_days if day >= first]
    lent_on = date(2025, 12, 31)
    level = percent(*[(day, 260) for day in days], lent_on=lent_on)
    in_order = [(day.replace(day=28), 260) for day in days]
    assert level == percent(*in_order, lent_on=date(2025, 12, 28))


def test_what_is_drawn_later_earns_from_its_day() -> None:
    # 1000 grows to 1010, 500 more, 1510 grows to 1525.10
    rate = unit_period_rate(
        Decimal(1000),
        LENT_ON,
        [(date(2026, 3, 10), Decimal("1525.10"))],
        UnitPeriod.MONTH,
        later_advances=[(date(2026, 2, 10), Decimal(500))],
    )
    assert rounded_percent(rate, 2) == Decimal("12.00")


def test_a_period_longer_than_a_year_has_a_year_for_unit_period() -> None:
    days = ((date(2028, 1, 10), 100), (date(2030, 1, 10), 1200))
    assert percent(*days, every=24) == percent(*days, every=12)


@examples(100)
@given(
    st.lists(st.tuples(st.integers(1, 900), st.integers(1, 900)), min_size=2, max_size=12),
    st.sampled_from([(UnitPeriod.DAY, 1), (UnitPeriod.WEEK, 1), (UnitPeriod.WEEK, 4)]),
)
def test_the_rate_solves_its_equation(
    payments: list[tuple[int, int]], period: tuple[UnitPeriod, int]
) -> None:
    unit, every = period
    length = every * (7 if unit is UnitPeriod.WEEK else 1)
    paid = [(LENT_ON + timedelta(days=day), Decimal(amount)) for day, amount in payments]
    assume(sum(amount for _, amount in payments) >= 500)
    rate = unit_period_rate(Decimal(1000), LENT_ON, paid, unit, every)
    i = float(rate) / {1: 365, 7: 52, 28: 13}[length]
    worth = sum(
        amount / ((1 + day % length / length * i) * (1 + i) ** (day // length))
        for day, amount in payments
    )
    assert worth == pytest.approx(1000, rel=1e-6)


def test_money_before_the_first_drawdown_and_no_period_are_refused() -> None:
    with pytest.raises(LoanRuleViolation, match=r"rate\.dates"):
        percent((date(2026, 1, 9), 1000), (date(2026, 2, 9), 100))
    with pytest.raises(LoanRuleViolation, match=r"rate\.unit_period"):
        percent((date(2026, 2, 9), 1000), every=0)
    with pytest.raises(LoanRuleViolation, match=r"rate\.unit_period"):
        percent((date(2026, 2, 9), 1000), unit=UnitPeriod.SEMI_MONTH, every=2)
    with pytest.raises(LoanRuleViolation, match=r"rate\.no_solution"):
        percent()
