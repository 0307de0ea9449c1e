"""Tables by period number: growing instalments, costs paid at the start, and their yearly rate."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from language.catalogue import Language
from runner.calculator.apr import answer_apr
from runner.calculator.cases import Calculation, calculate
from runner.calculator.schedule import answer_schedule

TABLE: Mapping[str, Any] = {
    "principal": "1000.00",
    "currency": "EUR",
    "rate_percent_per_year": "12",
    "n_installments": 12,
    "period_unit": "month",
    "method": "interest_only_bullet",
    "day_count": "EQUAL_PERIODS",
    "disbursement_date": None,
    "rounding": {"mode": "none"},
    "apr_rule": "EU: effective annual rate, period = 1/12 year, rounded to 2 decimals",
}


def answer(calculation: Calculation, inputs: Mapping[str, Any]) -> dict[str, Any]:
    question = json.dumps([{"id": "a", "inputs": inputs}]).encode()
    answers: list[dict[str, Any]] = json.loads(calculate(question, calculation, Language.EN)[0])
    return answers[0]


@pytest.mark.parametrize(
    ("change", "percent"),
    [
        ({}, "12.68"),  # 1.01 ^ 12
        ({"cost_row_at_period_0": ["1000", "1000", "0", "1000", "1000"]}, "12.68"),
        # 980 comes out: the monthly rate i solves 980 = 10 a(i) + 1000 v^12
        ({"cost_row_at_period_0": ["1000", "1000", "20", "20", "980", "980", "20"]}, "15.11"),
        ({"period_unit": "quarter", "n_installments": 4}, "12.55"),  # 1.03 ^ 4
        ({"period_unit": "year", "n_installments": 3}, "12.00"),
        ({"method": "maturity"}, "12.00"),
        ({"method": "maturity", "down_payment_percent": "25"}, "12.00"),
        ({"down_payment_percent": "25"}, "12.68"),
        ({"decimals": 0}, "13"),
    ],
)
def test_the_rate_of_a_table_counts_its_periods_and_the_costs_of_the_first_day(
    change: dict[str, Any], percent: str
) -> None:
    assert answer(answer_apr, {**TABLE, **change}) == {"id": "a", "apr_percent": percent}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"note": "regular monthly cost"}, "input.rows_unknown (inputs.note)"),
        ({"note": "odd first period"}, "input.rows_unknown (inputs.note)"),
        ({"cost_row_at_period_0": ["1000", "1000", "20"]}, "input.rows_unknown"),
        ({"cost_row_at_period_0": ["1000", "x"]}, "input.malformed (inputs.cost_row_at_period_0.1"),
        ({"apr_rule": "actuarial"}, "input.not_offered (inputs.apr_rule)"),
        ({"fee": "1"}, "input.unknown (inputs.fee)"),
        ({"decimals": 99}, "input.malformed (inputs.decimals)"),
    ],
)
def test_a_rate_that_does_not_follow_is_refused_by_name(change: dict[str, Any], named: str) -> None:
    assert answer(answer_apr, {**TABLE, **change})["error"].startswith(named)


@pytest.mark.parametrize(
    ("method", "percent", "note", "second_year"),
    [
        ("annuity_growing", "3", None, Decimal("1.03")),
        ("annuity_growing", None, "installments grow 2.5% per year", Decimal("1.025")),
        ("annuity_decreasing", None, "installments fall 3% per year", Decimal("0.97")),
    ],
)
def test_growing_instalments_are_level_within_a_year_and_repay_everything(
    method: str, percent: str | None, note: str | None, second_year: Decimal
) -> None:
    asked = {**TABLE, "method": method, "n_installments": 36, "note": note}
    rows = answer(answer_schedule, {**asked, "installment_growth_percent_per_year": percent})
    totals = [Decimal(row["total"]) for row in rows["schedule"]]
    assert max(totals[:12]) - min(totals[:12]) <= Decimal("0.01")
    assert abs(totals[12] - totals[0] * second_year) <= Decimal("0.01")
    assert abs(totals[24] - totals[0] * second_year**2) <= Decimal("0.01")
    assert rows["schedule"][-1]["balance_after"] == "0.00"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"note": "installments grow"}, "input.missing (inputs.installment_growth_percent"),
        ({"installment_growth_percent_per_year": "101"}, "terms.growth"),
        ({"installment_growth_percent_per_year": "3", "grace_principal": 2}, "terms.growth"),
        ({"installment_growth_percent_per_year": "3", "period_every": 5}, "terms.growth"),
        (
            {"installment_growth_percent_per_year": "90", "n_installments": 240},
            "terms.growth",
        ),
        (
            {"installment_growth_percent_per_year": "3", "down_payment_percent": "10"},
            "terms.growth",
        ),
    ],
)
def test_growth_that_makes_no_schedule_is_refused(change: dict[str, Any], named: str) -> None:
    asked = {**TABLE, "method": "annuity_growing", "n_installments": 24, **change}
    assert answer(answer_schedule, asked)["error"].startswith(named)


def test_what_happens_to_a_loan_of_growing_instalments_is_refused() -> None:
    inputs = {**TABLE, "method": "annuity_growing", "disbursement_date": "2026-01-01"}
    question = [{"id": "a", "inputs": inputs, "events": [{"type": "approve"}]}]
    text, _ = calculate(json.dumps(question).encode(), answer_schedule, Language.EN)
    assert json.loads(text)[0]["error"].startswith("input.not_offered (inputs.method)")
