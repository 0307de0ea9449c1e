"""A better grade never gets less, dearer or shorter credit: by the shipped table or any other."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.limits import LENDABLE, Ask, Collateral, Derivation, LimitTerms, derive, terms_from_data
from domain.limits.terms import GradeTerms
from domain.scoring import ONE_YEAR_SCALE
from domain.violations import LoanRuleViolation
from tests.domain.limits.firms import D, case, shipped_data, shipped_terms, statement

MONEY = st.integers(min_value=0, max_value=10**10).map(Decimal)
SHARE = st.integers(min_value=0, max_value=100).map(lambda n: Decimal(n) / 100)


@st.composite
def tables(draw: st.DrawFn) -> LimitTerms:
    """Any table the reader accepts: shares fall, bands rise without overlap."""
    shipped = shipped_terms()
    shares = [sorted((draw(SHARE) for _ in LENDABLE), reverse=True) for _ in range(3)]
    margins = sorted(draw(st.integers(-200, 900)) for _ in range(2 * len(LENDABLE)))
    targets = [draw(st.integers(-100, 500)) for _ in LENDABLE]
    tenors = sorted((draw(st.integers(1, 120)) for _ in LENDABLE), reverse=True)
    rows = {
        grade: GradeTerms(
            net_worth_share=shares[0][n],
            unsecured_share=shares[1][n],
            ltv_max=shares[2][n],
            margin_min_bp=margins[2 * n],
            margin_target_bp=targets[n],
            margin_max_bp=margins[2 * n + 1],
            tenor_max_months=tenors[n],
        )
        for n, grade in enumerate(LENDABLE)
    }
    return replace(shipped, grades=rows)


@st.composite
def firms(draw: st.DrawFn) -> dict[str, Any]:
    """Any firm: figures that need not make sense together, one year or two, with gaps."""
    names = ("receivables", "inventory", "payables", "revenue", "cost_of_sales", "depreciation")
    signed = ("equity", "ebit", "net_profit", "tax")
    changes = {name: draw(MONEY) for name in names}
    changes |= {name: draw(MONEY) - 10**9 for name in signed}
    gap = draw(st.sampled_from(((), ("depreciation",), ("payables",), ("equity",))))
    years = [statement(2025, without=gap, **changes)]
    if draw(st.booleans()):
        years.append(statement(2024))
    pledged = draw(st.lists(st.sampled_from(("deposit", "real_estate", "equipment")), max_size=2))
    return {
        "statements": tuple(years),
        "collateral": tuple(Collateral(kind, draw(MONEY)) for kind in pledged),
        "ask": Ask(draw(MONEY) + 1, draw(st.integers(1, 120))),
        "base_rate": Decimal(draw(st.integers(0, 1000))) / 10000,
        "group_owed": draw(st.none() | MONEY),
    }


def graded(firm: dict[str, Any], terms: LimitTerms) -> list[Derivation]:
    return [derive(case(grade, **firm), terms) for grade in LENDABLE]


def never_better(better: Derivation, worse: Derivation) -> None:
    assert better.at_most >= worse.at_most
    assert (better.limit is None) == (worse.limit is None)
    if better.limit is not None and worse.limit is not None:
        assert better.limit >= worse.limit
    assert better.tenor_months is not None
    assert worse.tenor_months is not None
    assert better.tenor_months >= worse.tenor_months
    assert better.rates is not None
    assert worse.rates is not None
    assert better.rates.rate <= worse.rates.rate
    assert better.rates.floor <= better.rates.rate <= better.rates.ceiling


@given(firm=firms())
@settings(max_examples=200)
def test_a_better_grade_is_never_worse_off_by_the_shipped_table(firm: dict[str, Any]) -> None:
    for better, worse in pairwise(graded(firm, shipped_terms())):
        never_better(better, worse)


@given(firm=firms(), terms=tables())
@settings(max_examples=150)
def test_nor_by_any_table_the_reader_accepts(firm: dict[str, Any], terms: LimitTerms) -> None:
    for better, worse in pairwise(graded(firm, terms)):
        never_better(better, worse)


@given(firm=firms(), grade=st.sampled_from(LENDABLE))
@settings(max_examples=150)
def test_the_limit_is_the_least_line_and_every_least_line_binds(
    firm: dict[str, Any], grade: str
) -> None:
    found = derive(case(grade, **firm), shipped_terms())
    amounts = {each.name: each.amount for each in found.lines}
    known = [amount for amount in amounts.values() if amount is not None]
    assert found.at_most == min(known)
    assert set(found.binding) == {name for name, amount in amounts.items() if amount == min(known)}
    assert (found.limit is None) == (None in amounts.values())
    assert all((line.problem is None) == (line.amount is not None) for line in found.lines)
    assert all(amount >= 0 for amount in known)


def test_aaa_gets_more_longer_and_cheaper_than_aa_on_the_demonstration_firm() -> None:
    asked = Ask(D(100_000_000), 60, own=D(0), loans_elsewhere=D(0))
    wide = {"ask": asked, "product_tenor_max": 120}
    best, next_best = graded(wide, shipped_terms())[:2]
    assert best.limit is not None
    assert next_best.limit is not None
    assert best.rates is not None
    assert next_best.rates is not None
    assert (best.limit, next_best.limit) == (D("28000000.00"), D("17500000.00"))
    assert (best.tenor_months, next_best.tenor_months) == (60, 36)
    assert best.rates.rate < next_best.rates.rate
    assert ONE_YEAR_SCALE.pd_of("AAA") < ONE_YEAR_SCALE.pd_of("AA")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("grades", "AAA", "net_worth_share"), "0.30"),
        (("grades", "AA", "unsecured_share"), "0.50"),
        (("grades", "AAA", "ltv_max"), "0.50"),
        (("grades", "A", "tenor_max_months"), 48),
        (("grades", "AAA", "margin_max_bp"), 40),
        (("grades", "A", "margin_max_bp"), 70),
        (("grades", "A", "margin_max_bp"), 9000),
        (("grades", "A", "ltv_max"), "1.2"),
        (("grades", "A", "ltv_max"), 0.6),
        (("bank", "capital"), "0"),
        (("bank", "currency"), "XXX"),
        (("bank", "dscr_min"), "-1"),
        (("collateral_ltv", "deposit"), "2"),
        (("timing", "statement_month"), 13),
        (("timing", "after_alert_days"), "30"),
    ],
)
def test_a_table_that_would_turn_the_order_round_is_refused(
    place: tuple[str, ...], value: object
) -> None:
    data = shipped_data()
    cell = data
    for part in place[:-1]:
        cell = cell[part]
    cell[place[-1]] = value
    with pytest.raises(LoanRuleViolation) as refused:
        terms_from_data(data)
    assert refused.value.code == "grade_terms.malformed"


def test_a_table_with_a_cell_too_many_or_too_few_is_refused() -> None:
    changes: tuple[dict[str, Any], ...] = ({"extra": 1}, {"grades": {"E": {}}}, {"grades": []})
    for change in changes:
        with pytest.raises(LoanRuleViolation):
            terms_from_data({**shipped_data(), **change})
    data = shipped_data()
    del data["bank"]["hurdle"]
    with pytest.raises(LoanRuleViolation):
        terms_from_data(data)
