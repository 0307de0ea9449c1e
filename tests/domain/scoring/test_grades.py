"""The master scale."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.scoring import GRADES, LIFETIME_SCALE, MODEL_INPUTS, ONE_YEAR_SCALE, no_inputs, score
from domain.scoring.grades import MasterScale
from domain.violations import LoanRuleViolation

SCALES = [ONE_YEAR_SCALE, LIFETIME_SCALE]


@pytest.mark.parametrize("scale", SCALES)
def test_every_grade_has_its_probability_and_a_worse_one_a_higher(scale: MasterScale) -> None:
    assert tuple(grade for grade, _ in scale.pds) == GRADES
    levels = [scale.pd_of(grade) for grade in GRADES]
    assert levels == sorted(set(levels))
    assert levels[-1] == 1


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("grade", GRADES[:-1])
def test_a_grades_own_probability_gives_the_grade(scale: MasterScale, grade: str) -> None:
    assert scale.grade_of(scale.pd_of(grade)) == grade


@given(st.decimals(min_value=0, max_value=1, places=6), st.sampled_from(SCALES))
def test_a_model_never_says_that_a_firm_has_defaulted(pd: Decimal, scale: MasterScale) -> None:
    assert scale.grade_of(pd) != "D"


@pytest.mark.parametrize("model", MODEL_INPUTS)
def test_a_model_without_inputs_names_them_all(model: str) -> None:
    assert score(model, no_inputs(model)).missing == MODEL_INPUTS[model]


def test_an_unknown_model_is_refused() -> None:
    with pytest.raises(LoanRuleViolation, match=r"model\.unknown"):
        score("oracle", {})
