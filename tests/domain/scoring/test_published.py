"""The published models at their printed and recomputed values."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.scoring.published import (
    OPINIONS,
    Ohlson,
    Zone,
    ohlson,
    z_1968,
    z_double_prime,
    z_prime,
    zmijewski,
)
from domain.scoring.scaling import Scaling

CLOSE = Decimal("0.0000015")
LISTED_FIRM: dict[str, Decimal | None] = {
    "current_assets": Decimal("873.1"),
    "total_assets": Decimal("1442.1"),
    "current_liabilities": Decimal("329.0"),
    "retained_earnings": Decimal("637.2"),
    "ebit": Decimal("66.1"),
    "market_value": Decimal("842.5112"),
    "total_liabilities": Decimal("576.3"),
    "equity": Decimal("865.8"),
    "revenue": Decimal("1662.6"),
    "net_profit": Decimal("47.7"),
}


def test_the_listed_firms_values_are_met() -> None:
    for model, printed in (
        (z_1968, "3.251521"),
        (z_prime, "2.568766"),
        (z_double_prime, "5.800995"),
        (zmijewski, "-2.205187"),
    ):
        value = model(LISTED_FIRM).value
        assert value is not None
        assert abs(value - Decimal(printed)) < CLOSE


def test_zones_are_the_authors() -> None:
    assert z_1968(LISTED_FIRM).zone is Zone.SAFE
    assert z_prime(LISTED_FIRM).zone is Zone.GREY
    poor = {**LISTED_FIRM, "ebit": Decimal(-900), "retained_earnings": Decimal(-900)}
    assert z_double_prime(poor).zone is Zone.DISTRESS


def test_zmijewskis_pinned_vector_is_met() -> None:
    facts = {
        "net_profit": Decimal(8),
        "total_assets": Decimal(100),
        "total_liabilities": Decimal(40),
        "current_assets": Decimal(25),
        "current_liabilities": Decimal(10),
    }
    found = zmijewski(facts)
    assert found.value == Decimal("-2.41544")
    assert found.zone is Zone.SAFE
    assert found.pd == Decimal("0.007858")


def test_ohlsons_formula_is_worked_out_term_by_term() -> None:
    facts = {
        "total_assets": Decimal(1000),
        "total_liabilities": Decimal(600),
        "current_assets": Decimal(400),
        "current_liabilities": Decimal(200),
        "net_profit": Decimal(-50),
    }
    found = ohlson(facts, Ohlson(Decimal(100), Decimal(60), Decimal(-25)))
    # -1.32 - 0.407 ln 10 + 3.618 - 0.286 + 0.03785 + 0.1185 - 0.183 + 0.285 + 0.521/3
    assert found.value is not None
    assert abs(found.value - Decimal("1.506865")) < CLOSE
    assert found.pd == Decimal("0.818596")
    assert found.zone is Zone.DISTRESS


@pytest.mark.parametrize("model", OPINIONS)
def test_what_is_missing_is_named_and_nothing_is_said(model: str) -> None:
    found = OPINIONS[model]({**LISTED_FIRM, "current_assets": None})
    assert found.missing == ("current_assets",)
    assert (found.value, found.zone, found.pd) == (None, None, None)


@pytest.mark.parametrize("model", OPINIONS)
def test_a_divisor_of_zero_is_missing(model: str) -> None:
    assert OPINIONS[model]({**LISTED_FIRM, "total_assets": Decimal(0)}).missing == ("total_assets",)


def test_points_to_double_the_odds() -> None:
    at_fifty, at_thirty = Scaling(600, 50, 20), Scaling(600, 30, 20)
    assert round(at_fifty.factor, 6) == 28.853901
    assert round(at_fifty.offset, 6) == 487.122876
    assert round(at_thirty.offset, 6) == 501.862188
    assert round(at_fifty.score_of(0.02), 4) == 599.4171
    assert round(at_fifty.pd_of(Decimal("599.4171")), 7) == Decimal("0.0200000")
