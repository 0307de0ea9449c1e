"""`corploan apr` beside the published cases: several drawdowns, and time in other measures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from language.catalogue import Language
from runner.calculator.apr import answer_apr
from runner.calculator.cases import calculate

EU: Mapping[str, Any] = {
    "principal": "1000",
    "currency": "EUR",
    "apr_rule": "EU effective annual",
    "decimals": 2,
}
US: Mapping[str, Any] = {
    "principal": "1000",
    "currency": "USD",
    "apr_rule": "actuarial",
    "disbursement_date": "2026-01-10",
    "period_unit": "month",
}


def answer(inputs: Mapping[str, Any]) -> dict[str, Any]:
    question = json.dumps([{"id": "a", "inputs": inputs}]).encode()
    answers: list[dict[str, Any]] = json.loads(calculate(question, answer_apr, Language.EN)[0])
    return answers[0]


@pytest.mark.parametrize(
    ("change", "percent"),
    [
        ({"payments": [{"amount": 1100, "year": 1}]}, "10.00"),
        ({"payments": [{"amount": 1100, "month": 12}]}, "10.00"),
        ({"payments": [{"amount": 1100, "week": 52}]}, "10.00"),
        ({"payments": [{"amount": 1100, "day": 365}], "days_in_year": 365}, "10.00"),
        ({"payments": [{"amount": 1000, "day": 365}], "days_in_year": 365}, "0.00"),
        (
            {
                "payments": [{"amount": 1210, "date": "2028-01-10"}],
                "disbursement_date": "2026-01-10",
            },
            "10.00",
        ),
        (
            {
                "payments": [
                    {"amount": 10, "first_month": 1, "every_months": 1, "count": 12},
                    {"amount": 1000, "month": 12},
                ]
            },
            "12.68",
        ),
        # 1000 grows to 1100, 500 more, 1600 grows to 1760
        (
            {"payments": [{"amount": 1760, "year": 2}], "advances": [{"amount": 500, "year": 1}]},
            "10.00",
        ),
        ({"payments": [{"amount": 20, "month": 0}, {"amount": 1078, "year": 1}]}, "10.00"),
    ],
)
def test_the_effective_rate_counts_time_as_the_entries_do(
    change: dict[str, Any], percent: str
) -> None:
    assert answer({**EU, **change}) == {"id": "a", "apr_percent": percent}


@pytest.mark.parametrize(
    ("change", "percent"),
    [
        (
            {
                "cash_flows": [{"date": "2026-03-10", "amount": "1525.10"}],
                "advances": [{"date": "2026-02-10", "amount": "500"}],
            },
            "12.00",
        ),
        (
            {
                "period_unit": "year",
                "cash_flows": [
                    {"date": "2027-01-10", "amount": "100"},
                    {"date": "2028-01-10", "amount": "1100"},
                ],
            },
            "10.00",
        ),
        (
            {
                "period_unit": "half-year",
                "cash_flows": [
                    {"date": "2027-01-10", "amount": "1050"},
                    {"date": "2026-07-10", "amount": "50"},
                ],
            },
            "10.00",
        ),
    ],
)
def test_the_nominal_rate_takes_later_advances_and_longer_periods(
    change: dict[str, Any], percent: str
) -> None:
    assert answer({**US, **change}) == {"id": "a", "apr_percent": percent}


@pytest.mark.parametrize(
    ("inputs", "named"),
    [
        ({**EU, "payments": []}, "rate.no_solution"),
        ({**EU, "payments": [{"amount": 1100, "day": 1}]}, "input.missing (inputs.days_in_year)"),
        (
            {**EU, "payments": [{"amount": 1, "day": 1}], "days_in_year": 0},
            "input.malformed (inputs.days_in_year)",
        ),
        ({**EU, "payments": [{"amount": 1, "month": -1}]}, "input.malformed (inputs.payments[0].m"),
        (
            {**EU, "payments": [{"amount": 1, "month": 1, "day": 1}], "days_in_year": 365},
            "input.unknown (inputs.payments[0].month)",
        ),
        (
            {**EU, "payments": [{"amount": 1, "first_month": 1, "every_months": 1, "count": 0}]},
            "input.malformed (inputs.payments[0].count)",
        ),
        (
            {**EU, "payments": [{"amount": 1, "date": "2026-01-01"}]},
            "input.missing (inputs.disbursement_date)",
        ),
        (
            {
                **EU,
                "payments": [{"amount": 1, "date": "2026-01-01"}],
                "disbursement_date": "2026-01-02",
            },
            "input.event_order (inputs.payments[0].date)",
        ),
        ({**US, "cash_flows": [{"date": "2026-01-09", "amount": "1"}]}, "rate.dates"),
        (
            {**US, "cash_flows": [{"date": "2026-02-09", "amount": "1"}], "period_every": 0},
            "rate.unit_period",
        ),
        ({**US, "cash_flows": [{"date": "2026-02-09", "amount": "1E400"}]}, "input.malformed"),
        ({**US, "payments": [{"amount": 1}]}, "input.not_offered (inputs.apr_rule)"),
    ],
)
def test_what_no_rate_follows_from_is_refused_by_name(inputs: dict[str, Any], named: str) -> None:
    assert answer(inputs)["error"].startswith(named)
