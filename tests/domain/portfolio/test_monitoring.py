"""Monitoring of models: measures by hand, levels at their thresholds."""

from __future__ import annotations

from datetime import date
from math import log

import pytest

from domain.portfolio.monitoring import (
    Level,
    RatingFact,
    against_fitted,
    agreement,
    discrimination,
    overrides,
    stability,
    years_of,
)
from persistence.scorecards import shipped_scorecard
from tests.domain.portfolio.test_portfolio_policy import shipped


def _fact(year: int, score: float | None = 1.0, **other: object) -> RatingFact:
    values: dict[str, object] = {
        "rated_on": date(year, 5, 1),
        "model": "m",
        "score": score,
        "grade": "A",
        "challenger_grade": None,
        "overridden": False,
        "defaulted": None,
        "features": {},
    }
    return RatingFact(**(values | other))  # type: ignore[arg-type] # the caller's names are checked


def test_the_same_population_is_stable_and_a_shifted_one_asks_to_act() -> None:
    before = [_fact(2024, float(n), features={"x": float(n)}) for n in range(100)]
    same = [_fact(2025, float(n), features={"x": n + 80.0}) for n in range(100)]
    score, feature = stability([*before, *same], 2024, 2025, shipped())
    assert (score.name, score.index, score.level) == ("score", 0.0, Level.STABLE)
    assert (feature.name, feature.level) == ("x", Level.ACT)
    # of the tenths the last two hold 0.1 and 0.9 now, eight are empty (0.0001)
    expected = 8 * (0.0001 - 0.1) * log(0.0001 / 0.1) + (0.9 - 0.1) * log(9)
    assert feature.index == pytest.approx(expected)


def test_a_feature_few_ratings_state_is_left_out() -> None:
    before = [_fact(2024, float(n)) for n in range(25)]
    now = [_fact(2025, float(n), features={"x": 1.0}) for n in range(25)]
    assert [one.name for one in stability([*before, *now], 2024, 2025, shipped())] == ["score"]
    assert years_of([*before, _fact(2026)]) == (2024,)


def test_the_fitted_population_itself_is_stable_and_another_is_not() -> None:
    card = shipped_scorecard()
    one = card.characteristics[0]
    middles = [float(one.bounds[0]) - 1, *map(float, one.bounds)]
    like_fitted = [
        _fact(2025, features={one.ratio.name: middles[index]})
        for index, share in enumerate(one.population)
        for _ in range(round(float(share) * 1000))
    ]
    (found,) = against_fitted(like_fitted, 2025, card, shipped())
    assert (found.name, found.level) == (one.ratio.name, Level.STABLE)
    assert found.index < 0.001
    elsewhere = [_fact(2025, features={one.ratio.name: middles[0]}) for _ in range(50)]
    (moved,) = against_fitted(elsewhere, 2025, card, shipped())
    assert moved.level is Level.ACT


def test_discrimination_by_year_of_the_ratings_whose_outcome_is_known() -> None:
    facts = [
        _fact(2024, 4.0, defaulted=False),
        _fact(2024, 3.0, defaulted=False),
        _fact(2024, 3.5, defaulted=True),
        _fact(2024, 1.0, defaulted=True),
        _fact(2024, 0.0, defaulted=True, grade="D"),  # had defaulted before
        _fact(2025, 2.0, defaulted=False),
        _fact(2025, 1.0),
    ]
    first, second = discrimination(facts, shipped())
    assert (first.year, first.ratings, first.defaults) == (2024, 4, 2)
    assert first.auc == pytest.approx(0.75)  # three of four pairs stand right
    assert first.ks == pytest.approx(0.5)
    assert first.level is Level.STABLE
    assert (second.auc, second.ks, second.level) == (None, None, Level.UNKNOWN)


def test_overrides_and_agreement() -> None:
    facts = [
        _fact(2025, overridden=True, challenger_grade="A"),
        _fact(2025, challenger_grade="AA"),
        _fact(2025, challenger_grade="C"),
        _fact(2025, grade=None, challenger_grade="C"),
        _fact(2026),
    ]
    assert [(one.year, one.rate) for one in overrides(facts)] == [(2025, 0.25), (2026, 0.0)]
    found = agreement(facts)
    assert (found.compared, found.same, found.within_one) == (3, 1, 2)
    assert found.pairs == (("A", "AA", 1), ("A", "A", 1), ("A", "C", 1))
    assert agreement([]).compared == 0
