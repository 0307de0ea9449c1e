"""The rate line by line, against the published weights and the pricing vector."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.limits import Ask, Collateral, derive_rate
from domain.limits.rates import Bound, RatePart, loss_given_default, price_parts
from tests.domain.limits.firms import D, case, shipped_terms

TERMS = shipped_terms()


def test_the_pricing_vector_part_by_part() -> None:
    parts = {
        line.part: line.rate
        for line in price_parts(
            funding=D("0.03"),
            operating=D("0.006"),
            pd=D("0.01"),
            lgd=D("0.45"),
            maturity_years=D("2.5"),
            capital_ratio=D("0.105"),
            hurdle=D("0.12"),
        )
    }
    assert parts[RatePart.EXPECTED_LOSS] == D("0.0045")
    assert abs(parts[RatePart.CAPITAL] - D("0.008724")) < D("0.000001")
    assert abs(sum(parts.values(), D(0)) - D("0.049224")) < D("0.000001")


def test_the_lines_add_up_to_the_cost_and_the_band_of_the_grade_holds_the_rate() -> None:
    asked, grade = case("A"), TERMS.grades["A"]
    sheet = derive_rate(asked, TERMS, grade, 12)
    assert [line.part for line in sheet.lines] == list(RatePart)
    assert sheet.cost == sum((line.rate for line in sheet.lines), D(0))
    assert (sheet.floor, sheet.ceiling) == (D("0.0380"), D("0.0450"))
    assert sheet.bound is Bound.NONE
    assert sheet.floor < sheet.rate < sheet.ceiling
    assert sheet.short_of_cost < D("0.000001")


def test_a_ceiling_below_the_cost_says_by_how_much() -> None:
    dear = case("AAA", pd=D("0.01"))
    sheet = derive_rate(dear, TERMS, TERMS.grades["AAA"], 36)
    assert (sheet.bound, sheet.rate) == (Bound.CEILING, D("0.0330"))
    assert sheet.short_of_cost == sheet.cost - D("0.0330")
    assert sheet.short_of_cost > D("0.015")


def test_a_floor_lifts_a_price_that_falls_below_it() -> None:
    sheet = derive_rate(case("A", pd=D(0)), TERMS, TERMS.grades["A"], 12)
    cheap = TERMS.grades["A"].margin_min_bp * D("0.0001") + D("0.03")
    assert sheet.rate >= cheap
    safe = case("AA", pd=D(0), base_rate=D("0.10"))
    assert derive_rate(safe, TERMS, TERMS.grades["AA"], 12).rate >= D("0.1030")


@pytest.mark.parametrize(
    ("collateral", "lgd"),
    [
        ((), "0.45"),
        ((Collateral("real_estate", D(30_000_000)),), "0.31"),
        ((Collateral("deposit", D(90_000_000)),), "0.25"),
        ((Collateral("painting", D(90_000_000)),), "0.45"),
    ],
)
def test_the_loss_given_default_follows_what_collateral_covers(
    collateral: tuple[Collateral, ...], lgd: str
) -> None:
    secured = case(collateral=collateral, ask=Ask(D(30_000_000), 12))
    assert loss_given_default(secured, TERMS) == Decimal(lgd)
