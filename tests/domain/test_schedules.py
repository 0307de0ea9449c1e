"""Schedules against worked examples, and what holds for every schedule."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import Currency
from domain.schedules import LoanTerms, RepaymentMethod, build_schedule, due_date
from domain.violations import LoanRuleViolation
from tests.domain.notes import PLAIN_METHODS


def terms(
    principal: str = "1200000",
    rate: str = "0.0435",
    months: int = 12,
    *,
    method: RepaymentMethod = RepaymentMethod.EQUAL_INSTALMENT,
    drawn_on: date = date(2026, 3, 10),
    currency: Currency = Currency.CNY,
) -> LoanTerms:
    return LoanTerms(Decimal(principal), currency, Decimal(rate), months, method, drawn_on)


def any_terms() -> st.SearchStrategy[LoanTerms]:
    return st.builds(
        LoanTerms,
        principal=st.decimals("0.01", "9999999999999.99", places=2),
        currency=st.sampled_from([Currency.CNY, Currency.USD]),
        yearly_rate=st.decimals("0", "0.36", places=6),
        tenor_months=st.integers(1, 360),
        method=st.sampled_from(PLAIN_METHODS),
        drawn_on=st.dates(date(2000, 1, 1), date(2069, 12, 31)),
    )


@pytest.mark.parametrize(
    ("n", "total", "principal", "interest", "balance"),
    [
        (1, "102371.88", "98021.88", "4350.00", "1101978.12"),
        (2, "102371.88", "98377.21", "3994.67", "1003600.91"),
        (12, "102371.89", "102002.13", "369.76", "0.00"),
    ],
)
def test_equal_instalments_match_the_annuity_formula_to_the_cent(
    n: int, total: str, principal: str, interest: str, balance: str
) -> None:
    # A = P i (1+i)^n / ((1+i)^n - 1), P 1.2 m, i = 4.35 % / 12, n 12
    line = build_schedule(terms())[n - 1]
    shown = (line.total, line.principal, line.interest, line.balance_after)
    assert tuple(map(str, shown)) == (total, principal, interest, balance)


def test_equal_instalments_cost_the_interest_of_the_worked_example() -> None:
    assert sum(line.interest for line in build_schedule(terms())) == Decimal("28462.57")


def test_interest_first_bullet_pays_interest_monthly_and_principal_last() -> None:
    # P r / 12 = 1.2 m x 4.35 % / 12
    lines = build_schedule(terms(method=RepaymentMethod.INTEREST_FIRST_BULLET))
    assert {line.interest for line in lines} == {Decimal("4350.00")}
    assert sum(line.interest for line in lines) == Decimal("52200.00")
    assert {line.principal for line in lines[:-1]} == {Decimal("0.00")}
    assert lines[-1].total == Decimal("1204350.00")


@pytest.mark.parametrize(
    ("drawn_on", "n", "due_on"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2027, 12, 29), 2, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 10), 1, date(2027, 1, 10)),
        (date(2026, 12, 10), 0, date(2026, 12, 10)),
        (date(2026, 12, 10), 360, date(2056, 12, 10)),
    ],
)
def test_due_dates_keep_their_anchor_day_and_short_months_their_last_day(
    drawn_on: date, n: int, due_on: date
) -> None:
    assert due_date(drawn_on, n) == due_on


def test_yen_schedules_have_no_fractions() -> None:
    lines = build_schedule(terms("1000001", months=7, currency=Currency.JPY))
    assert all(line.total == int(line.total) for line in lines)
    assert sum(line.principal for line in lines) == 1_000_001


def test_a_loan_without_interest_is_divided_evenly() -> None:
    lines = build_schedule(terms("100", rate="0", months=3))
    assert [str(line.total) for line in lines] == ["33.33", "33.33", "33.34"]


def test_a_loan_too_small_for_its_tenor_is_paid_early_and_never_overpaid() -> None:
    lines = build_schedule(terms("1", rate="0", months=150))
    assert sum(line.principal for line in lines) == 1
    assert {str(line.principal) for line in lines} == {"0.01", "0.00"}


@given(any_terms())
def test_every_schedule_sums_exactly_to_its_principal(given_terms: LoanTerms) -> None:
    lines = build_schedule(given_terms)
    assert len(lines) == given_terms.tenor_months
    assert sum(line.principal for line in lines) == given_terms.principal
    assert lines[-1].balance_after == 0


@given(any_terms())
def test_no_line_is_negative_and_the_balance_only_falls(given_terms: LoanTerms) -> None:
    balance = given_terms.principal
    for line in build_schedule(given_terms):
        assert line.principal >= 0
        assert line.interest >= 0
        assert line.balance_after == balance - line.principal
        balance = line.balance_after


@given(any_terms())
def test_periods_follow_each_other_without_gap(given_terms: LoanTerms) -> None:
    starts_on = given_terms.drawn_on
    for n, line in enumerate(build_schedule(given_terms), start=1):
        assert (line.n, line.period_start_on) == (n, starts_on)
        assert timedelta(27) < line.due_on - starts_on < timedelta(32)
        starts_on = line.due_on


@given(
    st.decimals("1000", "1000000000", places=2),
    st.decimals("0.0001", "0.36", places=4),
    st.integers(1, 60),
)
def test_equal_instalments_are_equal_but_for_the_last(
    principal: Decimal, rate: Decimal, months: int
) -> None:
    lines = build_schedule(terms(str(principal), str(rate), months))
    level = lines[0].total if months > 1 else lines[-1].total
    assert {line.total for line in lines[:-1]} <= {level}


@given(any_terms())
def test_interest_recomputes_from_the_balance_of_each_month(given_terms: LoanTerms) -> None:
    balance = given_terms.principal
    for line in build_schedule(given_terms):
        exact = balance * given_terms.yearly_rate / 12
        assert abs(line.interest - exact) <= Decimal("0.005")
        balance = line.balance_after


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"months": 0}, "terms.tenor"),
        ({"months": 361}, "terms.tenor"),
        ({"rate": "-0.01"}, "terms.rate"),
        ({"rate": "0.3601"}, "terms.rate"),
        ({"rate": "NaN"}, "terms.rate"),
        ({"rate": "0.043500001"}, "terms.rate"),
        ({"principal": "0"}, "terms.principal"),
        ({"principal": "-1"}, "terms.principal"),
        ({"principal": "0.001"}, "terms.principal"),
        ({"principal": "1E+13"}, "terms.principal"),
        ({"principal": "Infinity"}, "terms.principal"),
        ({"principal": "1.5", "currency": Currency.JPY}, "terms.principal"),
        ({"drawn_on": date(1899, 12, 31)}, "terms.date"),
        ({"drawn_on": date(2100, 1, 10)}, "terms.date"),
        ({"drawn_on": date(2090, 1, 10), "months": 132}, "terms.date"),
    ],
)
def test_terms_no_schedule_could_follow_from_are_refused(
    changed: dict[str, object], code: str
) -> None:
    with pytest.raises(LoanRuleViolation) as refused:
        terms(**changed)  # type: ignore[arg-type] # one table for fields of several types
    assert refused.value.code == code


def test_the_last_due_date_may_lie_in_december_2100() -> None:
    assert build_schedule(terms(drawn_on=date(2099, 12, 31)))[-1].due_on == date(2100, 12, 31)
