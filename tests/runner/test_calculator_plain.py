"""`corploan schedule` against published tables, to the cent."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from language.catalogue import Language
from runner.calculator.cases import calculate
from runner.calculator.schedule import answer_schedule
from tests.vectors import published

# tables whose inputs do not say what their rows follow from
REFUSED = {
    "ec-mcd-ex02-case2": "input.rows_unknown (inputs.note)",
    "ec-mcd-ex21": "input.rows_unknown (inputs.note)",
    "ec-mcd-ex22-case2": "input.rows_unknown (inputs.note)",
}


def answer(case: dict[str, Any]) -> dict[str, Any]:
    question = {key: case[key] for key in ("id", "inputs", "events")}
    text, _ = calculate(json.dumps([question]).encode(), answer_schedule, Language.EN)
    answers: list[dict[str, Any]] = json.loads(text)
    return answers[0]


@pytest.mark.parametrize(
    "case", published("fineract_plain_schedules.json", "fineract_recent_bullet_monthend.json")
)
def test_a_published_schedule_comes_out_to_the_cent(case: dict[str, Any]) -> None:
    rows = answer(case)["schedule"]
    assert rows == case["expected"]


@pytest.mark.parametrize("case", published("eu_commission_apr_schedules.json"))
def test_a_table_without_rounding_comes_out_within_a_cent(case: dict[str, Any]) -> None:
    answered = answer(case)
    if case["id"] in REFUSED:
        assert answered["error"].startswith(REFUSED[case["id"]])
        return
    for expected, row in zip(case["expected"], answered["schedule"], strict=False):
        for key in ("principal", "interest", "total", "balance_after"):
            assert abs(Decimal(row[key]) - Decimal(expected[key])) <= Decimal("0.01"), expected
    assert len(answered["schedule"]) == case["inputs"]["n_installments"]
    assert answered["schedule"][-1]["balance_after"] == "0.00"


@pytest.mark.parametrize("case", published("eu_commission_apr_schedules.json"))
def test_the_years_of_such_a_table_add_up(case: dict[str, Any]) -> None:
    rows = answer(case).get("schedule", [])
    for year in case["expected_year_sums"] if rows else ():
        months = rows[12 * (year["year"] - 1) : 12 * year["year"]]
        for key in ("principal", "interest", "total"):
            total = sum(Decimal(row[key]) for row in months)
            # twelve amounts shown in cents
            assert abs(total - Decimal(year[key])) <= Decimal("0.08"), (year, key)
