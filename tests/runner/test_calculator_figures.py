"""`corploan figures`: each figure by its name, rounded as it says, refused by name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from language.catalogue import Language
from runner.calculator.cases import calculate
from runner.calculator.figures import answer_figures

DAYS = {"inventory": 60, "receivable": 75, "payable": 45, "prepaid": 15, "advance": 10}
NEED: dict[str, Any] = {
    "figure": "working_capital",
    "sales": "120000000",
    "profit_margin": "0.10",
    "growth": "0.08",
    "days": DAYS,
    "own": "10000000",
    "existing_loans": "8000000",
    "other": "2000000",
}
BALANCES = {
    "inventory": "1029.665",
    "receivable": "1222.43",
    "payable": "1.00",
    "prepaid": "1845.39",
    "advance": "79.55",
}


def answer(language: Language = Language.EN, **inputs: Any) -> dict[str, Any]:
    text, _ = calculate(
        json.dumps([{"id": "a", "inputs": inputs}]).encode(), answer_figures, language
    )
    answers: list[dict[str, Any]] = json.loads(text)
    return {key: value for key, value in answers[0].items() if key != "id"}


def test_each_figure_is_answered_by_its_name() -> None:
    assert answer(**NEED) == {"turns": "3.7895", "need": "30780000.00", "new_loan": "10780000.00"}
    loss: dict[str, Any] = {"drawn": "8000000", "undrawn": "2000000", "conversion": "0.40"}
    risk: dict[str, Any] = {"default_probability": "0.012", "loss_given_default": "0.40"}
    assert answer(figure="expected_loss", **loss, **risk) == {
        "exposure_at_default": "8800000.00",
        "expected_loss": "42240.00",
    }
    service: dict[str, Any] = {
        "ebitda": "18.5",
        "tax": 0,
        "upkeep": 0,
        "principal": 9,
        "interest": "3.2",
    }
    assert answer(figure="debt_service_cover", **service) == {"ratio": "1.5164"}
    assert answer(figure="interest_cover", ebit=14, interest="3.2") == {"ratio": "4.3750"}
    assert answer(figure="loan_to_value", exposure=30, value=50, cap="0.7") == {
        "ratio": "0.6000",
        "most": "35.00",
    }
    assert answer(figure="stamp_duty", principal="10000000") == {"duty": "500.00"}


def test_the_cycle_may_come_from_average_balances() -> None:
    need = {key: value for key, value in NEED.items() if key != "days"}
    found = answer(**{**need, "balances": BALANCES, "cost_of_sales": "19178.09"})
    assert set(found) == {"turns", "need", "new_loan"}


@pytest.mark.parametrize(
    ("inputs", "named"),
    [
        ({"figure": "luck"}, "input.not_offered (inputs.figure)"),
        ({"figure": "stamp_duty"}, "input.missing (inputs.principal)"),
        ({"figure": "stamp_duty", "principal": "NaN"}, "input.malformed (inputs.principal)"),
        ({"figure": "stamp_duty", "principal": -1}, "figures.range"),
        ({**NEED, "days": {**DAYS, "luck": 1}}, "input.unknown (inputs.days.luck)"),
    ],
)
def test_a_bad_entry_is_refused_by_name_in_both_languages(
    inputs: dict[str, Any], named: str
) -> None:
    english, chinese = answer(**inputs)["error"], answer(Language.ZH, **inputs)["error"]
    assert english.startswith(named)
    assert chinese.startswith(named)
    assert english.isascii()
    assert not chinese.isascii()
