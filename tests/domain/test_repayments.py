"""Receipts, lateness and arrears against worked examples, and what holds for every receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import Currency
from domain.repayments import (
    Allocation,
    Bucket,
    InstalmentDue,
    InstalmentState,
    accrue_penalty,
    allocate,
    arrears,
    compound_due,
    days_past_due,
    instalments_due,
    is_settled,
    penalty_due,
    penalty_rate,
    principal_outstanding,
    total_due,
)
from domain.schedules import LoanTerms, RepaymentMethod, build_schedule
from domain.violations import LoanRuleViolation
from tests.domain.notes import PLAIN_METHODS

RATE, CNY = Decimal("0.04"), Currency.CNY
DUE_ON = date(2026, 9, 20)
DAY_30 = DUE_ON + timedelta(days=30)

# 5 m at 4 %, due 2026-09-20 with the interest of 91 days: 5 m x 4 % x 91 / 360 = 50,555.56
LAST = InstalmentState(1, DUE_ON, Decimal("5000000.00"), Decimal("50555.56"))


def late(states: Sequence[InstalmentState], to_on: date) -> tuple[InstalmentState, ...]:
    return accrue_penalty(states, RATE, to_on=to_on, currency=CNY)


def note(method: RepaymentMethod = RepaymentMethod.EQUAL_INSTALMENT) -> list[InstalmentState]:
    terms = LoanTerms(Decimal(1_200_000), CNY, Decimal("0.0435"), 12, method, date(2026, 3, 10))
    return [InstalmentState.of_line(line) for line in build_schedule(terms)]


def test_thirty_days_late_cost_the_penalty_of_the_worked_example() -> None:
    # 5 m x 6 % x 30 / 360, and 50,555.56 x 6 % x 30 / 360
    rate = penalty_rate(RATE, Decimal("0.5"))
    assert rate == Decimal("0.06")
    assert str(penalty_due(LAST.principal, rate, DUE_ON, DAY_30, CNY)) == "25000.00"
    assert str(compound_due(LAST.interest, rate, DUE_ON, DAY_30, CNY)) == "252.78"


def test_lateness_counts_the_first_day_and_not_the_last() -> None:
    next_day = DUE_ON + timedelta(days=1)
    assert penalty_due(Decimal(360), Decimal("0.1"), DUE_ON, next_day, CNY) == Decimal("0.10")
    assert penalty_due(Decimal(360), Decimal("0.1"), DUE_ON, DUE_ON, CNY) == 0
    assert penalty_due(Decimal(360), Decimal("0.1"), next_day, DUE_ON, CNY) == 0


def test_arrears_state_the_total_of_the_worked_example() -> None:
    stated = arrears([LAST], RATE, as_of=DAY_30, currency=CNY)
    assert stated.days_past_due == 30
    assert (str(stated.penalty), str(stated.compound)) == ("25000.00", "252.78")
    assert str(stated.total) == "5075808.34"
    assert [(line.n, line.days_past_due) for line in stated.instalments] == [(1, 30)]


def test_nothing_is_overdue_on_the_due_date_itself() -> None:
    stated = arrears([LAST], RATE, as_of=DUE_ON, currency=CNY)
    assert (stated.days_past_due, stated.instalments, stated.total) == (0, (), Decimal(0))


def test_a_misused_loan_costs_double() -> None:
    assert penalty_rate(RATE, Decimal(1)) == Decimal("0.08")


def test_a_receipt_pays_fee_penalty_compound_interest_then_principal() -> None:
    # 100,000 on the worked example with a fee of 2,000
    states = late([replace(LAST, fee=Decimal(2000))], DAY_30)
    result = allocate(Decimal(100_000), states, DAY_30)
    assert [(part.bucket, str(part.amount)) for part in result.allocations] == [
        (Bucket.FEE, "2000"),
        (Bucket.PENALTY, "25000.00"),
        (Bucket.COMPOUND, "252.78"),
        (Bucket.INTEREST, "50555.56"),
        (Bucket.PRINCIPAL, "22191.66"),
    ]
    assert result.surplus == 0


def test_the_order_is_the_contracts_and_may_put_principal_first() -> None:
    # non-accrual: fee, principal, interest, compound, penalty
    order = (Bucket.FEE, Bucket.PRINCIPAL, Bucket.INTEREST, Bucket.COMPOUND, Bucket.PENALTY)
    states = late([replace(LAST, fee=Decimal(2000))], DAY_30)
    paid = allocate(Decimal(100_000), states, DAY_30, order).allocations
    assert paid == (
        Allocation(Bucket.FEE, 1, Decimal(2000)),
        Allocation(Bucket.PRINCIPAL, 1, Decimal(98_000)),
    )


def test_within_a_bucket_the_oldest_instalment_is_paid_first() -> None:
    states = note()[:3]
    result = allocate(Decimal("10000.00"), list(reversed(states)), states[2].due_on)
    assert [(part.bucket, part.n) for part in result.allocations] == [
        (Bucket.INTEREST, 1),
        (Bucket.INTEREST, 2),
        (Bucket.INTEREST, 3),
    ]
    assert [state.n for state in result.states] == [3, 2, 1]
    # 10,000 - 4,350.00 - 3,994.67 leaves 1,655.33 for the third
    assert result.allocations[-1].amount == Decimal("1655.33")


def test_an_instalment_that_is_not_due_takes_nothing() -> None:
    states = note()
    result = allocate(Decimal(500_000), states, states[0].due_on)
    assert {part.n for part in result.allocations} == {1}
    assert result.surplus == Decimal("397628.12")


def test_a_receipt_before_anything_is_due_is_all_surplus() -> None:
    states = note()
    result = allocate(Decimal(500), states, states[0].due_on - timedelta(days=1))
    assert (result.allocations, result.surplus) == ((), Decimal(500))
    assert result.states == tuple(states)


@pytest.mark.parametrize("amount", ["-0.01", "NaN", "Infinity"])
def test_a_receipt_is_finite_and_not_negative(amount: str) -> None:
    with pytest.raises(LoanRuleViolation, match=r"amount\.range"):
        allocate(Decimal(amount), [LAST], DUE_ON)


def test_after_part_payment_only_the_open_part_goes_on_costing() -> None:
    # 10 days on 5 m, then principal of 2,000,000 paid, then 20 days on 3 m: 8,333.33 + 10,000.00
    day_10 = DUE_ON + timedelta(days=10)
    principal_only = replace(LAST, interest=Decimal(0))
    after_10 = late([principal_only], day_10)
    paid = allocate(Decimal("2008333.33"), after_10, day_10)
    (state,) = late(paid.states, DAY_30)
    assert paid.states[0].open_amount(Bucket.PRINCIPAL) == 3_000_000
    assert state.penalty_accrued == Decimal("18333.33")
    assert state.open_amount(Bucket.PENALTY) == Decimal("10000.00")


def test_accruing_twice_to_one_day_or_back_in_time_changes_nothing() -> None:
    states = late([LAST], DAY_30)
    assert late(states, DAY_30) == states
    assert late(states, DUE_ON) == states


def test_accruing_every_day_comes_to_the_same_cent_as_accruing_once() -> None:
    # 5 m x 6 % / 360 = 833.333... a day: rounded daily it would lose ten cents in thirty days
    daily: tuple[InstalmentState, ...] = (LAST,)
    for day in range(1, 31):
        daily = late(daily, DUE_ON + timedelta(days=day))
    (once,) = late([LAST], DAY_30)
    assert daily[0].penalty_accrued == once.penalty_accrued == 25_000
    assert daily[0].compound_accrued == once.compound_accrued


def test_penalty_left_over_owes_money_but_counts_no_days() -> None:
    states = late([LAST], DAY_30)
    order = (Bucket.PRINCIPAL, Bucket.INTEREST)
    paid = allocate(Decimal("5050555.56"), states, DAY_30, order).states
    assert days_past_due(paid, DAY_30) == 0
    assert not is_settled(paid)
    assert total_due(paid, DAY_30) == Decimal("25252.78")
    stated = arrears(paid, RATE, as_of=DAY_30 + timedelta(days=5), currency=CNY)
    assert (stated.days_past_due, stated.total) == (0, Decimal("25252.78"))


def test_days_past_due_run_from_the_oldest_unpaid_instalment_until_all_is_paid() -> None:
    states = note()
    day = states[1].due_on + timedelta(days=4)
    assert days_past_due(states, day) == (day - states[0].due_on).days
    first_paid = allocate(states[0].open_total, states[:1], day).states
    assert days_past_due([*first_paid, *states[1:]], day) == 4
    cent_short = allocate(states[0].open_total - Decimal("0.01"), states[:1], day).states
    assert days_past_due([*cent_short, *states[1:]], day) == (day - states[0].due_on).days


def test_what_has_come_due_is_listed_oldest_first() -> None:
    states = note()
    assert instalments_due(states, states[1].due_on) == (
        InstalmentDue(1, states[0].due_on, Decimal("98021.88"), Decimal("4350.00")),
        InstalmentDue(2, states[1].due_on, Decimal("98377.21"), Decimal("3994.67")),
    )


def test_an_instalment_refuses_more_paid_than_owed() -> None:
    with pytest.raises(ValueError, match="interest paid"):
        replace(LAST, interest_paid=Decimal("50555.57"))
    with pytest.raises(ValueError, match="principal paid"):
        replace(LAST, principal_paid=Decimal("-0.01"))


@pytest.mark.parametrize("method", PLAIN_METHODS)
def test_paying_everything_on_time_ends_at_zero(method: RepaymentMethod) -> None:
    states: tuple[InstalmentState, ...] = tuple(note(method))
    for line in tuple(states):
        states = late(states, line.due_on)
        result = allocate(total_due(states, line.due_on), states, line.due_on)
        states = result.states
        assert result.surplus == 0
        assert days_past_due(states, line.due_on) == 0
    assert is_settled(states)
    assert principal_outstanding(states) == 0
    assert sum(state.penalty_accrued + state.compound_accrued for state in states) == 0


RECEIPTS = st.lists(
    st.tuples(st.integers(0, 700), st.decimals("0", "400000", places=2)), min_size=1, max_size=8
)


@given(RECEIPTS, st.permutations(list(Bucket)), st.sampled_from(PLAIN_METHODS))
def test_no_cent_is_lost_and_nothing_is_paid_beyond_what_is_owed(
    receipts: list[tuple[int, Decimal]], order: list[Bucket], method: RepaymentMethod
) -> None:
    states: tuple[InstalmentState, ...] = tuple(note(method))
    for offset, amount in sorted(receipts):
        day = date(2026, 3, 10) + timedelta(days=offset)
        before = late(states, day)
        result = allocate(amount, before, day, order)
        states = result.states
        assert sum((part.amount for part in result.allocations), result.surplus) == amount
        assert all(part.amount > 0 for part in result.allocations)
        assert total_due(before, day) - total_due(states, day) == amount - result.surplus
        assert result.surplus == 0 or total_due(states, day) == 0
        assert all(state.open_amount(bucket) >= 0 for state in states for bucket in Bucket)


@given(
    st.decimals("0", "100000000", places=2),
    st.decimals("0", "0.36", places=4),
    st.lists(st.integers(1, 120), min_size=1, max_size=10),
    st.sampled_from([Currency.CNY, Currency.JPY]),
)
def test_lateness_does_not_depend_on_how_often_it_is_accrued(
    principal: Decimal, rate: Decimal, steps: list[int], currency: Currency
) -> None:
    state = InstalmentState(1, DUE_ON, principal.quantize(Decimal(1)), Decimal(0))
    states: tuple[InstalmentState, ...] = (state,)
    day = DUE_ON
    for step in steps:
        day += timedelta(days=step)
        states = accrue_penalty(states, rate, to_on=day, currency=currency)
        assert states[0].accrued_to_on == day
    exact = state.principal * penalty_rate(rate, Decimal("0.5")) * sum(steps) / 360
    half_unit = currency.smallest_unit / 2
    assert abs(states[0].penalty_accrued - exact) <= half_unit + Decimal("0.000001")
