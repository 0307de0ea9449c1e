"""The published yearly rates and day counts, answered on the command line exactly."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from language.catalogue import Language
from runner.calculator.apr import answer_apr
from runner.calculator.cases import Calculation, calculate
from runner.calculator.day_count import answer_day_count
from runner.calculator.schedule import answer_schedule
from tests.vectors import FOLDER, read

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the published vectors are not here; set LOAN_VECTORS"
)


def answers(calculation: Calculation, cases: list[dict[str, Any]]) -> list[dict[str, str]]:
    asked = [{"id": case["id"], "inputs": case["inputs"]} for case in cases]
    text, _ = calculate(json.dumps(asked).encode(), calculation, Language.EN)
    given: list[dict[str, str]] = json.loads(text)
    return given


@pytest.mark.parametrize("file", ["eu_apr_short_examples", "us_regz_appendix_j_apr"])
def test_published_yearly_rates_come_out_exactly(file: str) -> None:
    cases = read(f"{file}.json")
    wrong = {
        answer["id"]: answer
        for answer, case in zip(answers(answer_apr, cases), cases, strict=True)
        if answer.get("apr_percent") != str(case["expected_apr_percent"])
    }
    assert wrong == {}


# costs, a first period or a later rate that no entry gives
NOT_GIVEN = {
    "ec-mcd-ex02-case2",
    "ec-mcd-ex03",
    "ec-mcd-ex04",
    "ec-mcd-ex21",
    "ec-mcd-ex22-case2",
}


def test_the_yearly_rate_of_a_table_of_costs_comes_out_or_is_refused_by_its_note() -> None:
    cases = read("eu_commission_apr_schedules.json")
    given = answers(answer_apr, cases)
    refused = {answer["id"] for answer in given if "error" in answer}
    wrong = {
        answer["id"]: answer
        for answer, case in zip(given, cases, strict=True)
        if answer["id"] not in refused and answer["apr_percent"] != case["expected_apr_percent"]
    }
    assert (wrong, refused) == ({}, NOT_GIVEN)
    assert all(
        answer["error"].startswith("input.rows_unknown (inputs.note)")
        for answer in given
        if answer["id"] in refused
    )


def test_published_day_counts_come_out_exactly() -> None:
    cases = read("quantlib_day_counts.json")
    wrong = [
        answer["id"]
        for answer, case in zip(answers(answer_day_count, cases), cases, strict=True)
        if not _agrees(answer, case["expected"])
    ]
    assert wrong == []


def _agrees(answer: dict[str, str], expected: dict[str, str]) -> bool:
    years = Decimal(answer["year_fraction"])
    if "expected_days" in expected:
        return round(years * 360, 12) == Decimal(expected["expected_days"])
    # published to twelve places, from binary figures
    return abs(years - Decimal(expected["expected_year_fraction"])) < Decimal("1e-11")


@pytest.mark.parametrize("calculation", [answer_schedule, answer_apr])
def test_published_time_values_come_out_as_closely_as_they_are_printed(
    calculation: Calculation,
) -> None:
    cases = read("numpy_financial_basics.json")
    for answer, case in zip(answers(calculation, cases), cases, strict=True):
        printed = Decimal(str(case["expected"]["value"]))
        assert Decimal(answer["value"]).quantize(printed) == printed, answer["id"]


@pytest.mark.parametrize(
    ("calculation", "inputs", "code"),
    [
        (answer_day_count, {"convention": "BUS/252", "start": "2026-01-01"}, "not_offered"),
        (
            answer_day_count,
            {"convention": "ACT/360", "start": "1899-12-31", "end": "2026-01-01"},
            "input.date_range (inputs.start)",
        ),
        (
            answer_day_count,
            {
                "convention": "ACT/ACT_ISMA",
                "start": "2026-01-01",
                "end": "2026-02-01",
                "ref_start": "2026-01-01",
            },
            "input.missing (inputs.ref_end)",
        ),
        (
            answer_day_count,
            {"convention": "ACT/360", "start": "2026-02-01", "end": "2026-01-01"},
            "day_count.order",
        ),
        (answer_apr, {"apr_rule": "EU", "principal": "1"}, "rows_unknown"),
        (answer_apr, {"function": "mirr"}, "input.not_offered (inputs.function)"),
        (
            answer_apr,
            {"function": "pmt", "rate": "0.1/0", "n": 1, "pv": 1},
            "input.arithmetic",
        ),
        (
            answer_apr,
            {"function": "pmt", "rate": "1/2/3", "n": 1, "pv": 1},
            "input.malformed (inputs.rate)",
        ),
        (
            answer_apr,
            {"function": "pmt", "rate": "0.1", "n": 50_000, "pv": 1},
            "input.malformed (inputs.n)",
        ),
        (
            answer_apr,
            {"function": "pmt", "rate": "0.1", "n": 5, "pv": 1, "when": 2},
            "input.not_offered (inputs.when)",
        ),
    ],
)
def test_what_is_not_offered_is_refused_by_name(
    calculation: Calculation, inputs: dict[str, object], code: str
) -> None:
    text, status = calculate(
        json.dumps([{"id": "a", "inputs": inputs}]).encode(), calculation, Language.EN
    )
    assert code in json.loads(text)[0]["error"]
    assert status == 3
