"""What holds for every schedule of every kind."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.day_counts import DayCount
from domain.money import Currency
from domain.schedules import (
    Amortisation,
    MonthEnd,
    PeriodUnit,
    RepaymentMethod,
    Rounding,
    RoundingMode,
    ScheduleTerms,
    build_schedule,
)

LEVEL = st.sampled_from(
    [
        RepaymentMethod.EQUAL_INSTALMENT,
        RepaymentMethod.EQUAL_PRINCIPAL,
        RepaymentMethod.INTEREST_FIRST_BULLET,
        RepaymentMethod.BALLOON,
        RepaymentMethod.STEP_UP,
        RepaymentMethod.FLAT,
    ]
)
DAY_COUNTS = st.sampled_from(
    [
        DayCount.THIRTY_360,
        DayCount.ACT_360,
        DayCount.ACT_365F,
        DayCount.ACT_ACT_JAN1,
        DayCount.ACT_ACT_DEC31,
        DayCount.EQUAL_PERIODS,
    ]
)
ROUNDINGS = st.builds(
    Rounding,
    mode=st.sampled_from([RoundingMode.HALF_UP, RoundingMode.HALF_EVEN]),
    instalment_multiple_of=st.sampled_from([None, Decimal(1), Decimal(100)]),
    rebalance=st.booleans(),
)


@st.composite
def any_terms(draw: st.DrawFn) -> ScheduleTerms:
    method, instalments = draw(LEVEL), draw(st.integers(1, 60))
    principal = draw(st.decimals("0.01", "9999999999.99", places=2))
    extra: dict[str, Any] = {}
    if method is RepaymentMethod.BALLOON:
        extra["balloon"] = draw(st.decimals("0.01", principal, places=2))
    elif method is RepaymentMethod.STEP_UP:
        instalments = draw(st.sampled_from([1, 2, 4, 5, 10]))
        extra["step_shares"] = (Decimal(1) / instalments,) * instalments
    elif method is not RepaymentMethod.FLAT:
        extra["principal_grace"] = draw(st.integers(0, instalments - 1))
    return ScheduleTerms(
        principal=principal,
        currency=Currency.CNY,
        yearly_rate=draw(st.decimals("0", "1", places=4)),
        method=method,
        drawn_on=draw(st.dates(date(2000, 1, 1), date(2040, 12, 31))),
        instalments=instalments,
        unit=draw(st.sampled_from([PeriodUnit.DAY, PeriodUnit.WEEK, PeriodUnit.MONTH])),
        every=draw(st.integers(1, 12)),
        day_count=draw(DAY_COUNTS),
        rounding=draw(ROUNDINGS),
        month_end=draw(st.sampled_from(MonthEnd)),
        amortisation=draw(st.sampled_from(Amortisation)),
        interest_payment_grace=draw(st.integers(0, instalments - 1)),
        down_payment_share=draw(st.sampled_from([Decimal(0), Decimal("0.25")])),
        **extra,
    )


@given(any_terms())
def test_principal_sums_to_the_loan_and_the_balance_falls_to_nothing(terms: ScheduleTerms) -> None:
    balance = terms.principal
    for line in build_schedule(terms):
        balance -= line.principal
        assert line.balance_after == balance
    assert balance == 0


@given(any_terms())
def test_periods_follow_each_other_on_strictly_later_days(terms: ScheduleTerms) -> None:
    lines = build_schedule(terms)
    regular = lines[1:] if terms.down_payment_share else lines
    for one, after in pairwise(regular):
        assert one.due_on < after.due_on
        assert after.period_start_on == one.due_on
    assert [line.n for line in lines] == list(range(1, len(lines) + 1))


@given(any_terms())
def test_nothing_is_ever_negative_and_the_same_terms_give_the_same_schedule(
    terms: ScheduleTerms,
) -> None:
    lines = build_schedule(terms)
    assert all(line.interest >= 0 and line.principal >= 0 for line in lines)
    assert lines == build_schedule(terms)


@given(any_terms())
def test_no_rate_no_interest(terms: ScheduleTerms) -> None:
    free = build_schedule(_changed(terms, yearly_rate=Decimal(0)))
    assert all(line.interest == 0 for line in free)
    assert all(line.principal >= 0 for line in free)


def _changed(terms: ScheduleTerms, **changed: Any) -> ScheduleTerms:
    fields = {name: getattr(terms, name) for name in terms.__dataclass_fields__}
    return ScheduleTerms(**{**fields, **changed})
