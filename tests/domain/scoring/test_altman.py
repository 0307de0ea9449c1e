"""Altman's Z'' and the EM score."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.scoring import score
from domain.scoring.altman import INPUTS, agency_rating, grade_of, z_double_prime

PINNED: dict[str, Decimal | None] = {
    "total_assets": Decimal(100),
    "current_assets": Decimal(40),
    "current_liabilities": Decimal(20),
    "total_liabilities": Decimal(50),
    "equity": Decimal(50),
    "retained_earnings": Decimal(30),
    "ebit": Decimal(10),
}
LISTED_FIRM: dict[str, Decimal | None] = {
    "total_assets": Decimal("1442.1"),
    "current_assets": Decimal("873.1"),
    "current_liabilities": Decimal("329.0"),
    "total_liabilities": Decimal("576.3"),
    "equity": Decimal("1442.1") - Decimal("576.3"),
    "retained_earnings": Decimal("637.2"),
    "ebit": Decimal("66.1"),
}


def test_the_published_vector_is_met() -> None:
    result = score("altman_em", PINNED)
    assert result.value == Decimal("7.262")
    assert result.value is not None
    assert z_double_prime(result.value) == Decimal("4.012")
    assert result.grade == "AA"
    assert result.pd == Decimal("0.0007")


def test_a_listed_firms_row_is_met_to_a_millionth() -> None:
    result = score("altman_em", LISTED_FIRM)
    assert result.value is not None
    assert abs(result.value - Decimal("9.050995")) <= Decimal("0.000002")
    assert result.grade == "AAA"


@pytest.mark.parametrize(
    ("em_score", "rating", "grade"),
    [
        ("8.15", "AAA", "AAA"),
        ("8.149999", "AA+", "AA"),
        ("7.00", "AA-", "AA"),
        ("6.85", "A+", "A"),
        ("6.40", "A-", "A"),
        ("6.25", "BBB+", "BBB"),
        ("5.65", "BBB-", "BBB"),
        ("5.649999", "BB+", "B"),
        ("3.75", "B-", "B"),
        ("3.20", "CCC+", "C"),
        ("1.75", "CCC-", "C"),
        ("1.749999", "D", "D"),
        ("-40", "D", "D"),
    ],
)
def test_the_ladder_is_climbed_at_its_printed_steps(em_score: str, rating: str, grade: str) -> None:
    assert agency_rating(Decimal(em_score)) == rating
    assert grade_of(Decimal(em_score)) == grade


@pytest.mark.parametrize("name", INPUTS)
def test_a_missing_input_is_named_and_nothing_is_scored(name: str) -> None:
    result = score("altman_em", {**PINNED, name: None})
    assert result.missing == (name,)
    assert (result.value, result.grade, result.pd) == (None, None, None)
    assert result.contributions == ()


@pytest.mark.parametrize("name", ["total_assets", "total_liabilities"])
def test_a_divisor_of_zero_counts_as_missing(name: str) -> None:
    assert score("altman_em", {**PINNED, name: Decimal(0)}).missing == (name,)


def test_an_input_that_is_no_number_counts_as_missing() -> None:
    assert score("altman_em", {**PINNED, "ebit": Decimal("NaN")}).missing == ("ebit",)


AMOUNTS = st.decimals(min_value=1, max_value=10**9, places=2, allow_nan=False)


@given(
    st.fixed_dictionaries(dict.fromkeys(INPUTS, AMOUNTS)),
    st.decimals(min_value="0.01", max_value=1000, places=2),
)
def test_the_parts_sum_to_the_score_and_the_unit_of_account_does_not_matter(
    facts: dict[str, Decimal], unit: Decimal
) -> None:
    result = score("altman_em", facts)
    assert result.value == sum(part.points for part in result.contributions)
    rescaled = score("altman_em", {name: value * unit for name, value in facts.items()})
    assert rescaled.value is not None
    assert result.value is not None
    assert abs(rescaled.value - result.value) <= Decimal("0.00001") * (1 + abs(result.value))


@given(AMOUNTS)
def test_more_profit_never_lowers_the_score(more: Decimal) -> None:
    ebit = PINNED["ebit"] or Decimal(0)
    better = score("altman_em", {**PINNED, "ebit": ebit + more}).value
    now = score("altman_em", PINNED).value
    assert better is not None
    assert now is not None
    assert better >= now
