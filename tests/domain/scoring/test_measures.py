"""Measures of a score, on cases worked out by hand and by brute force."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.scoring import measures
from domain.violations import LoanRuleViolation

PAIRS = st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=2, max_size=40).filter(
    lambda pairs: len({bad for _, bad in pairs}) == 2
)


def test_a_score_that_sorts_perfectly() -> None:
    risks, bad = [0.9, 0.8, 0.2, 0.1], [True, True, False, False]
    assert measures.auc(risks, bad) == 1
    assert measures.ks(risks, bad) == 1


def test_a_score_that_says_the_same_of_all() -> None:
    assert measures.auc([0.5] * 4, [True, False, False, True]) == 0.5
    assert measures.ks([0.5] * 4, [True, False, False, True]) == 0


@given(PAIRS)
def test_the_area_is_the_share_of_pairs_put_in_order(pairs: list[tuple[int, bool]]) -> None:
    bads = [risk for risk, bad in pairs if bad]
    goods = [risk for risk, bad in pairs if not bad]
    won = sum((b > g) + (b == g) / 2 for b in bads for g in goods)
    risks, bad = [float(risk) for risk, _ in pairs], [bad for _, bad in pairs]
    assert measures.auc(risks, bad) == pytest.approx(won / (len(bads) * len(goods)))


def test_a_gap_between_the_shares() -> None:
    risks, bad = [1.0, 2.0, 3.0, 4.0], [False, True, False, True]
    assert measures.ks(risks, bad) == pytest.approx(0.5)


def test_brier_and_the_level() -> None:
    pds, bad = [0.1, 0.4], [False, True]
    assert measures.brier(pds, bad) == pytest.approx((0.01 + 0.36) / 2)
    assert measures.base_brier(bad) == 0.25
    assert measures.calibration_ratio(pds, bad) == pytest.approx(0.5)


def test_a_population_that_did_not_move_is_stable() -> None:
    assert measures.psi([0.25] * 4, [0.25] * 4) == 0
    assert measures.psi([0.5, 0.5], [0.6, 0.4]) == pytest.approx(0.040547, abs=1e-6)
    assert measures.psi([0.5, 0.5], [1.0, 0.0]) > 0.25


def test_tenths_of_a_population_are_tenths() -> None:
    ranks = [float(n) for n in range(1000)]
    assert measures.decile_shares(ranks, ranks) == (0.1,) * 10


def test_the_agencys_accuracy_ratios_as_areas() -> None:
    printed = {0.877: 0.939, 0.832: 0.916, 0.894: 0.947, 0.847: 0.924}
    for gini, area in printed.items():
        assert abs(measures.auc_of_gini(gini) - area) < 0.001
        assert measures.gini(measures.auc_of_gini(gini)) == pytest.approx(gini)


@pytest.mark.parametrize("bad", [[True, True], [False, False]])
def test_one_class_alone_measures_nothing(bad: list[bool]) -> None:
    with pytest.raises(LoanRuleViolation, match=r"measures\.one_class"):
        measures.auc([0.1, 0.2], bad)
