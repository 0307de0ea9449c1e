"""The models in use, by name. A further model is one file beside this one and one line here."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from domain.scoring import altman, li_2018
from domain.scoring.results import Inputs, Score
from domain.violations import LoanRuleViolation

MODELS: dict[str, Callable[[Inputs], Score]] = {
    altman.MODEL: altman.score,
    li_2018.MODEL: li_2018.score,
}

MODEL_INPUTS: dict[str, tuple[str, ...]] = {
    altman.MODEL: altman.INPUTS,
    li_2018.MODEL: li_2018.INPUTS,
}


def score(model: str, facts: Inputs) -> Score:
    """Score by a named model. Violation: `model.unknown`."""
    if model not in MODELS:
        raise LoanRuleViolation("model.unknown", model=model)
    return MODELS[model](facts)


def no_inputs(model: str) -> dict[str, Decimal | None]:
    """Every input of a model as not known, to be filled by whoever knows them."""
    return dict.fromkeys(MODEL_INPUTS.get(model, ()))
