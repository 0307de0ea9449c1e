"""What if: the same firm at another grade, with other sales, margin or ask."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.limits import Ask, LineName
from domain.limits.simulation import Change, changed, simulate
from domain.scoring import ONE_YEAR_SCALE
from tests.domain.limits.firms import D, case, shipped_terms

TERMS = shipped_terms()
WIDE = Ask(D(100_000_000), 60, own=D(0), loans_elsewhere=D(0))


def test_nothing_changed_changes_nothing() -> None:
    found = simulate(case(), Change(), TERMS)
    assert found.before == found.after


def test_a_better_grade_lifts_limit_and_tenor_and_lowers_the_rate() -> None:
    firm = case("AA", ask=WIDE, product_tenor_max=120)
    found = simulate(firm, Change(grade="AAA", pd=ONE_YEAR_SCALE.pd_of("AAA")), TERMS)
    assert (found.before.limit, found.after.limit) == (D("17500000.00"), D("28000000.00"))
    assert (found.before.tenor_months, found.after.tenor_months) == (36, 60)
    assert found.before.rates is not None
    assert found.after.rates is not None
    assert found.after.rates.rate < found.before.rates.rate
    worth = next(line for line in found.lines if line.name is LineName.NET_WORTH)
    assert (worth.before, worth.after) == (D("28000000.00"), D("42000000.00"))


def test_a_fifth_less_sales_takes_the_gross_profit_of_it_from_the_profit() -> None:
    shocked = changed(case(), Change(sales_share=D("-0.2"))).latest()
    assert shocked.lines["revenue"] == D(96_000_000)
    assert shocked.lines["cost_of_sales"] == D(76_000_000)
    assert shocked.lines["ebit"] == D(14_000_000) - D(5_000_000)
    assert shocked.lines["tax"] == D("7500000") * D("3000000") / D("12500000")
    assert shocked.lines["net_profit"] == D(7_500_000) - shocked.lines["tax"]
    assert shocked.lines["receivables"] == D(20_000_000)
    assert shocked.lines["equity"] == D(70_000_000)
    found = simulate(case(ask=WIDE), Change(sales_share=D("-0.2")), TERMS)
    service = next(line for line in found.lines if line.name is LineName.DEBT_SERVICE)
    assert service.before is not None
    assert service.after is not None
    assert service.after < service.before


def test_a_margin_three_points_lower_costs_three_percent_of_sales() -> None:
    shocked = changed(case(), Change(margin_points=D("-0.03"))).latest()
    assert shocked.lines["cost_of_sales"] == D(98_600_000)
    assert shocked.lines["ebit"] == D(10_400_000)
    assert shocked.lines["net_profit"] + shocked.lines["tax"] == D(8_900_000)


def test_another_ask_is_another_line() -> None:
    found = simulate(case(), Change(ask_amount=D(1_000_000), ask_months=6), TERMS)
    assert found.after.limit == D("1000000.00")
    assert found.after.binding == (LineName.ASK,)
    assert found.after.tenor_months == 6


def test_a_firm_without_statements_can_be_simulated_and_stays_a_persons_matter() -> None:
    found = simulate(case(statements=()), Change(sales_share=D("-0.2")), TERMS)
    assert found.after.limit is None


def test_a_downgrade_below_what_is_lent_to_ends_at_nothing() -> None:
    found = simulate(case("A"), Change(grade="BBB", pd=ONE_YEAR_SCALE.pd_of("BBB")), TERMS)
    assert (found.after.limit, found.after.refused) == (D(0), "grade_not_lent_to")
    assert {line.after for line in found.lines} == {None}


@given(less=st.integers(1, 100), points=st.integers(0, 50))
def test_worse_figures_never_widen_what_debt_service_carries(less: int, points: int) -> None:
    worse = Change(sales_share=-Decimal(less) / 100, margin_points=-Decimal(points) / 100)
    found = simulate(case(ask=WIDE), worse, TERMS)
    service = next(line for line in found.lines if line.name is LineName.DEBT_SERVICE)
    assert service.before is not None
    assert service.after is not None
    assert service.after <= service.before


@pytest.mark.parametrize("grade", ["AAA", "AA", "A"])
def test_the_case_itself_is_never_touched(grade: str) -> None:
    firm = case(grade)
    simulate(firm, Change(sales_share=D("-0.5"), margin_points=D("-0.1")), TERMS)
    assert firm == case(grade)
