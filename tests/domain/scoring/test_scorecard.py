"""The scorecard at work: sums, monotony, gaps, refusals, and what would lift a grade."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.scoring.columns import lines_of_row, number_of
from domain.scoring.grades import GRADES
from domain.scoring.lift import lifts
from domain.scoring.ratios import RATIOS, Gap
from domain.scoring.scorecard_data import scorecard_from_data
from domain.violations import LoanRuleViolation
from persistence.scorecards import Model, shipped_artefact, shipped_scorecard
from tests.domain.scoring.cards import CARD, SOUND, statement

AMOUNTS = st.decimals(min_value=1, max_value=10**6, places=2)


def test_the_points_shown_sum_to_the_score() -> None:
    result = CARD.score([statement()])
    assert result.score == CARD.base_points + sum(part.points for part in result.parts)
    assert result.grade in GRADES
    assert result.pd is not None
    assert 0 < result.pd < 1


@given(st.decimals(min_value="0.001", max_value=100_000, places=3))
def test_neither_currency_nor_unit_matters(unit: Decimal) -> None:
    rescaled = {name: amount * unit for name, amount in SOUND.items()}
    assert CARD.score_lines(rescaled).score == CARD.score_lines(SOUND).score


@given(AMOUNTS)
def test_more_profit_never_lowers_the_score(more: Decimal) -> None:
    better = CARD.score_lines({**SOUND, "net_profit": SOUND["net_profit"] + more}).score
    now = CARD.score_lines(SOUND).score
    assert better is not None
    assert now is not None
    assert better >= now


@given(st.integers(0, 150))
def test_lower_debt_never_raises_the_probability(less: int) -> None:
    owed = SOUND["total_liabilities"] - less
    lighter = {**SOUND, "total_liabilities": max(owed, Decimal(280)), "equity": Decimal(0)}
    del lighter["equity"]
    result, now = CARD.score_lines(lighter), CARD.score_lines(SOUND)
    assert result.pd is not None
    assert now.pd is not None
    assert result.pd <= now.pd


@pytest.mark.parametrize("model", list(Model))
def test_points_move_the_way_economics_says(model: Model) -> None:
    for characteristic in shipped_scorecard(model).characteristics:
        points = characteristic.points
        rising = points if characteristic.ratio.higher_is_safer else points[::-1]
        assert list(rising) == sorted(rising)
        assert characteristic.gap_points <= characteristic.average


def test_a_figure_left_out_is_named_and_never_pays() -> None:
    whole, gap = CARD.score([statement()]), CARD.score([statement(inventory=None)])
    assert ("inventory_to_assets", Gap.NOT_STATED) in gap.missing
    assert whole.score is not None
    assert gap.score is not None
    assert gap.score < whole.score


def test_without_a_core_ratio_there_is_no_score() -> None:
    result = CARD.score([statement(net_profit=None)])
    assert (result.score, result.pd, result.grade) == (None, None, None)
    assert [(f.field, f.code) for f in result.findings] == [
        ("net_profit_to_assets", "scoring.not_stated")
    ]


def test_with_too_many_gaps_there_is_no_score() -> None:
    few = {"total_assets": Decimal(10), "total_liabilities": Decimal(4), "net_profit": Decimal(1)}
    result = CARD.score_lines(few)
    assert result.grade is None
    assert len(result.findings) > CARD.gaps_max


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"total_assets": 0}, "scoring.no_assets", "total_assets"),
        ({"total_assets": -1}, "scoring.negative", "total_assets"),
        ({"inventory": -1}, "scoring.negative", "inventory"),
        ({"current_assets": 1100}, "scoring.part_exceeds_whole", "current_assets"),
        ({"equity": 600}, "scoring.unbalanced", "total_assets"),
    ],
)
def test_bad_figures_are_refused_by_name(changed: dict[str, int], code: str, field: str) -> None:
    result = CARD.score([statement(**changed)])
    assert result.grade is None
    assert (field, code) in {(found.field, found.code) for found in result.findings}


def test_no_statement_is_no_score() -> None:
    assert CARD.score([]).findings[0].code == "scoring.no_statement"


def test_a_lift_does_reach_the_grade_it_names() -> None:
    weak = {**SOUND, "total_liabilities": Decimal(700), "equity": Decimal(300)}
    result = CARD.score_lines(weak)
    found = lifts(CARD, result)
    assert found
    assert result.score is not None
    for lift in found:
        assert lift.gain > 0
        reached = CARD.scaling.pd_of(result.score + lift.gain)
        assert CARD.scale.grade_of(reached) == lift.grade
        assert GRADES.index(lift.grade) < GRADES.index(result.grade or "")


@given(st.decimals(min_value=380, max_value=760, places=2))
def test_a_grade_by_score_is_the_grade_by_probability(score: Decimal) -> None:
    assert CARD.grade_at(score) == CARD.scale.grade_of(CARD.scaling.pd_of(score))


def test_each_grades_least_score_is_the_least() -> None:
    for least, grade in CARD.least_scores:
        below = CARD.scaling.pd_of(least - Decimal("0.01"))
        assert CARD.scale.grade_of(CARD.scaling.pd_of(least)) == grade
        assert CARD.scale.grade_of(below) != grade


def test_reasons_are_the_points_lost_most_first() -> None:
    lost = [part.lost for part in CARD.score([statement()]).reasons(20)]
    assert lost == sorted(lost, reverse=True)
    assert min(lost) > 0


def test_every_formula_names_its_lines() -> None:
    assert RATIOS["gross_margin"].formula == "(revenue - cost_of_sales) / revenue"
    assert RATIOS["gross_margin"].of({"revenue": Decimal(4), "cost_of_sales": Decimal(1)}) == (
        Decimal("0.75")
    )
    assert RATIOS["gross_margin"].of({"revenue": Decimal(0)}) is Gap.ZERO_DIVISOR
    assert RATIOS["gross_margin"].of({"revenue": Decimal(-1)}) is Gap.NEGATIVE_DIVISOR


def test_a_vendors_row_settles_what_it_leaves_out() -> None:
    row = {"total_revenue": "10", "gross_profit": "4", "ebitda": " 3 ", "ebit": "2", "x": "1"}
    assert lines_of_row(row) == {
        "revenue": 10,
        "cost_of_sales": 6,
        "ebit": 2,
        "depreciation": 1,
    }


@pytest.mark.parametrize("cell", ["", "n/a", "NaN", "Infinity", "1e999", "1_0", None, True, "１"])
def test_a_cell_that_is_no_number_is_not_stated(cell: object) -> None:
    assert number_of(cell) is None


@pytest.mark.parametrize(
    ("key", "value"),
    [("kind", "oracle"), ("gaps_max", -1), ("characteristics", []), ("base_points", 1.5)],
)
def test_a_card_with_one_wrong_cell_is_refused_whole(key: str, value: object) -> None:
    data = deepcopy(shipped_artefact()) | {key: value}
    with pytest.raises(LoanRuleViolation, match=r"scorecard\.malformed"):
        scorecard_from_data(data)


def test_a_card_whose_points_turn_round_is_refused() -> None:
    data = deepcopy(shipped_artefact())
    cells = data["characteristics"]
    assert isinstance(cells, list)
    cells[0]["points"].reverse()
    with pytest.raises(LoanRuleViolation) as refused:
        scorecard_from_data(data)
    assert refused.value.params["problem"] == "not_monotone"
