"""Strict reading, an answer for every case, exit statuses, refusals in both languages."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from cli import app
from language.catalogue import Language
from runner.calculator.apr import answer_apr
from runner.calculator.cases import SOME_REFUSED, Calculation, Unreadable, calculate
from runner.calculator.day_count import answer_day_count
from runner.calculator.schedule import answer_schedule
from tests.properties import examples

GOOD: dict[str, Any] = {
    "principal": "1200000",
    "currency": "CNY",
    "rate_percent_per_year": "4.35",
    "n_installments": 12,
    "period_unit": "month",
    "period_every": 1,
    "method": "annuity",
    "day_count": "30/360_PERIOD",
    "disbursement_date": "2026-03-10",
}


def answers(
    *inputs: dict[str, Any], language: Language = Language.EN
) -> tuple[list[dict[str, Any]], int]:
    cases = [{"id": f"case-{n}", "inputs": one} for n, one in enumerate(inputs)]
    text, status = calculate(json.dumps(cases).encode(), answer_schedule, language)
    return json.loads(text), status


def test_a_case_is_answered_with_every_row() -> None:
    (answer,), status = answers(GOOD)
    assert status == 0
    assert answer["id"] == "case-0"
    assert answer["schedule"][0] == {
        "n": 1,
        "due_date": "2026-04-10",
        "principal": "98021.88",
        "interest": "4350.00",
        "fees": "0.00",
        "penalties": "0.00",
        "total": "102371.88",
        "balance_after": "1101978.12",
    }
    assert len(answer["schedule"]) == 12


def test_one_refused_case_leaves_the_others_answered() -> None:
    (bad, good), status = answers({**GOOD, "n_installments": 0}, GOOD)
    assert status == SOME_REFUSED
    assert bad["error"].startswith("terms.instalments: A schedule has")
    assert len(good["schedule"]) == 12


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"n_installments": 0}, "terms.instalments"),
        ({"rate_percent_per_year": "100.01"}, "terms.rate"),
        ({"rate_percent_per_year": "NaN"}, "input.malformed (inputs.rate_percent_per_year)"),
        ({"rate_percent_per_year": "-1"}, "terms.rate"),
        ({"principal": "0"}, "terms.principal"),
        ({"principal": "Infinity"}, "input.malformed (inputs.principal)"),
        ({"day_count": "ACT/252"}, "input.not_offered (inputs.day_count)"),
        ({"method": "rule_of_78"}, "input.not_offered (inputs.method)"),
        ({"balloon": "5000000", "method": "balloon"}, "terms.balloon"),
        ({"custom": [{"due_date": "2026-04-10", "principal": "1"}]}, "terms.custom"),
        ({"first_due_date": "2026-03-10"}, "terms.first_due"),
        ({"disbursement_date": "2099-06-01", "n_installments": 24}, "terms.date"),
        ({"disbursement_date": "2026-02-30"}, "input.malformed (inputs.disbursement_date)"),
        ({"principle": "1"}, "input.unknown (inputs.principle)"),
        ({"grace_principal": 12}, "terms.grace"),
        ({"step_shares": ["0.5", "0.6"], "method": "step_up"}, "terms.step_shares"),
        ({"settlement_day": 20, "period_unit": "day"}, "terms.settlement"),
        ({"rounding": {"mode": "CEILING"}}, "input.not_offered (inputs.rounding.mode)"),
        ({"rounding": {"mode": "HALF_UP", "decimals": 3}}, "input.not_offered"),
        ({"n_installments": 1.5}, "input.malformed (inputs.n_installments)"),
        ({"n_installments": True}, "input.malformed (inputs.n_installments)"),
    ],
)
def test_what_cannot_be_computed_is_refused_by_name(change: dict[str, Any], named: str) -> None:
    (answer,), status = answers({**GOOD, **change})
    assert status == SOME_REFUSED
    assert answer["error"].startswith(named)
    assert "schedule" not in answer


def test_a_refusal_never_repeats_what_was_typed_and_speaks_the_readers_language() -> None:
    (answer,), _ = answers({**GOOD, "day_count": "s3cret"}, language=Language.ZH)
    assert "s3cret" not in answer["error"]
    assert "不提供该约定" in answer["error"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"{}",
        b"1",
        b"null",
        b"\xff[]",
        b"\xef\xbb\xbf[]",
        b"[" * 100_000,
    ],
)
def test_what_is_no_array_of_cases_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        calculate(raw, answer_schedule, Language.EN)


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        (b"1", "input.malformed (case)"),
        (b"[]", "input.malformed (case)"),
        (b"9" * 5000, "input.malformed (case)"),
        (b'{"id": NaN, "inputs": {}}', "input.malformed (id)"),
        (b'{"id": 7, "inputs": {}}', "input.malformed (id)"),
        (b'{"id": "\\ud800", "inputs": {}}', "input.malformed (id)"),
        (b'{"inputs": {}}', "input.missing (id)"),
        (b'{"id": "a", "id": "b", "inputs": {}}', "input.doubled (case)"),
        (b'{"id": "a", "inputs": {"x": 1, "x": 2}}', "input.doubled (inputs)"),
        (b'{"id": "a", "inputs": {"n_installments": NaN}}', "input.missing (inputs.disb"),
        (b'{"id": "a", "inputs": {"method": -Infinity}}', "input.malformed (inputs.method)"),
        (b'{"id": "a", "inputs": {"function": "pmt", "rate": 1E999999999}}', "input.malformed"),
        (b'{"id": "a", "inputs": {"function": "pmt", "rate": 1E400}}', "input.malformed"),
        (b'{"id": "a", "inputs": {"function": "pmt", "rate": "\xef\xbc\x91"}}', "input.malf"),
    ],
)
def test_a_case_that_is_none_spoils_no_other(bad: bytes, named: str) -> None:
    good = json.dumps({"id": "good", "inputs": GOOD}).encode()
    text, status = calculate(b"[" + bad + b"," + good + b"]", answer_schedule, Language.EN)
    refused, answered = json.loads(text)
    assert refused["error"].startswith(named)
    assert len(answered["schedule"]) == 12
    assert status == SOME_REFUSED
    assert text.encode()


GARBAGE: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.sampled_from(
        [
            "",
            " ",
            "NaN",
            "1E400",
            "\uff11\uff12",
            "-1",
            "0",
            "1/0",
            "2026-02-31",
            "1899-01-01",
            "\u202e",
        ]
    )
    | st.sampled_from(["month", "day", "flat", "balloon", "custom", "cumulative", "none", "0.5"])
    | st.dates().map(str)
    | st.just([])
    | st.just({"s3cret": 1})
)
ENTRIES = [
    *GOOD,
    *("first_due_date", "month_end_rule", "rounding", "engine", "note", "periods", "fixed_length"),
    *("grace_principal", "interest_free", "down_payment_percent", "balloon", "step_shares"),
    *("settlement_day", "maturity_date", "function", "apr_rule", "payments", "cash_flows"),
    *("convention", "start", "end", "ref_start", "ref_end", "days_in_year", "decimals", "fee"),
]
ASKED: list[tuple[Calculation, dict[str, Any]]] = [
    (answer_schedule, GOOD),
    (answer_apr, {**GOOD, "apr_rule": "EU effective annual"}),
    (
        answer_apr,
        {
            "apr_rule": "EU",
            "principal": 100,
            "payments": [{"amount": 101, "day": 30}],
            "days_in_year": 365,
        },
    ),
    (
        answer_apr,
        {
            "apr_rule": "actuarial",
            "principal": 100,
            "disbursement_date": "2026-01-10",
            "period_unit": "month",
            "cash_flows": [{"date": "2026-02-10", "amount": "101"}],
        },
    ),
    (answer_apr, {"function": "pmt", "rate": "0.01", "n": 12, "pv": 100}),
    (answer_day_count, {"convention": "ACT/360", "start": "2026-01-01", "end": "2026-02-01"}),
]


@examples(200)
@given(
    st.sampled_from(ASKED),
    st.dictionaries(st.sampled_from(ENTRIES), GARBAGE, min_size=1, max_size=3),
    st.sampled_from(list(Language)),
)
def test_whatever_is_written_into_a_case_it_is_answered_or_refused_by_name(
    asked: tuple[Calculation, dict[str, Any]], garbage: dict[str, Any], language: Language
) -> None:
    calculation, inputs = asked
    case = {"id": "a", "inputs": {**inputs, **garbage}}
    text, status = calculate(json.dumps([case]).encode(), calculation, language)
    (answer,) = json.loads(text)
    if status == SOME_REFUSED:
        assert answer.keys() == {"id", "error"}
        assert re.match(r"[a-z_]+\.[a-z_]+( \(.+\))?: .", answer["error"])
        assert "\u202e" not in text
    else:
        assert (status, len(answer)) == (0, 2)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (json.dumps([{"id": "a", "inputs": GOOD}]), 0),
        ("[]", 0),
        (json.dumps([{"id": "a", "inputs": {}}]), 3),
        ("[", 2),
    ],
)
def test_the_command_exits_as_the_answers_went(raw: str, status: int) -> None:
    assert CliRunner().invoke(app, ["schedule", "--language", "en"], input=raw).exit_code == status
