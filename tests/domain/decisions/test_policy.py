"""Policies as data: read whole or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decisions import KNOWN_FACTS, Op, policy_from_data
from domain.process import Verdict
from domain.violations import LoanRuleViolation
from tests.domain.seeds import POLICY_CODES, SEED, policy, policy_data


def table(**changes: object) -> dict[str, Any]:
    rule = {
        "id": "K1",
        "when": [{"fact": "net_worth", "op": "lt", "value": "0"}],
        "verdict": "decline",
        "reason": "net_worth_negative",
    }
    return {"code": "test", "version": 1, "rules": [{**rule, **changes}]}


def condition(**cells: object) -> dict[str, Any]:
    return table(when=[cells])


def problem(data: dict[str, Any]) -> tuple[str, str]:
    with pytest.raises(LoanRuleViolation) as refusal:
        policy_from_data(data)
    assert refusal.value.code == "policy.malformed"
    return refusal.value.params["where"], refusal.value.params["problem"]


def test_every_shipped_policy_is_listed_here() -> None:
    assert {path.stem for path in (SEED / "policies").glob("*.json")} == set(POLICY_CODES)


@pytest.mark.parametrize("code", POLICY_CODES)
def test_a_shipped_policy_is_read_and_refers_what_no_rule_covers(code: str) -> None:
    assert policy(code).otherwise is Verdict.REFER
    assert len(policy(code).rules) == len(policy_data(code)["rules"])


WHERE = "rules.0.when.0"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (condition(fact="net_wroth", op="lt", value="0"), (f"{WHERE}.fact", "unknown_fact")),
        (condition(fact="net_worth", op="less", value="0"), (f"{WHERE}.op", "unknown_choice")),
        (condition(fact="net_worth", op="lt", value=0), (f"{WHERE}.value", "wrong_kind")),
        (condition(fact="net_worth", op="lt", value="O"), (f"{WHERE}.value", "wrong_kind")),
        (condition(fact="net_worth", op="lt", value="NaN"), (f"{WHERE}.value", "wrong_kind")),
        (condition(fact="net_worth", op="lt", value=""), (f"{WHERE}.value", "wrong_kind")),
        (condition(fact="net_worth", op="lt"), (f"{WHERE}.value", "missing")),
        (condition(fact="net_worth", op="missing", value="0"), (f"{WHERE}.value", "unknown")),
        (condition(fact="net_worth", op="is_true"), (f"{WHERE}.op", "wrong_kind")),
        (condition(fact="grade", op="lt", value="A"), (f"{WHERE}.op", "wrong_kind")),
        (condition(fact="grade", op="eq", value="AAAA"), (f"{WHERE}.value", "wrong_kind")),
        (condition(fact="grade", op="in", value=[]), (f"{WHERE}.value", "wrong_kind")),
        (condition(fact="grade", op="in", value=["C", "E"]), (f"{WHERE}.value", "wrong_kind")),
        (condition(fact="grade", op="in", value="C"), (f"{WHERE}.value", "not_a_list_of_texts")),
        (condition(fact="above_auto_cap", op="eq", value="no"), (f"{WHERE}.value", "wrong_kind")),
        (condition(fact="net_worth", op="lt", valeu="0"), (f"{WHERE}.valeu", "unknown")),
        (condition(op="lt", value="0"), (f"{WHERE}.fact", "missing")),
        (table(when=[]), ("rules.0.when", "not_a_list")),
        (table(when=["net_worth < 0"]), (WHERE, "not_a_mapping")),
        (table(verdict="return"), ("rules.0.verdict", "unknown_choice")),
        (table(verdict="declined"), ("rules.0.verdict", "unknown_choice")),
        (table(reason=""), ("rules.0.reason", "not_a_text")),
        (table(note="x"), ("rules.0.note", "unknown")),
        ({**table(), "otherwise": "approve"}, ("otherwise", "unknown_choice")),
        ({**table(), "rules": []}, ("rules", "not_a_list")),
        ({**table(), "rules": table()["rules"] * 2}, ("rules", "repeated_id")),
        ({**table(), "version": "1"}, ("version", "not_a_whole_number")),
        ({**table(), "enabled": False}, ("enabled", "unknown")),
        ({"code": "test", "version": 1}, ("rules", "missing")),
    ],
)
def test_a_malformed_cell_refuses_the_whole_table(
    data: dict[str, Any], found: tuple[str, str]
) -> None:
    assert problem(data) == found


@pytest.mark.parametrize("fact", KNOWN_FACTS)
def test_every_known_fact_can_be_asked_for_its_absence(fact: str) -> None:
    assert policy_from_data(condition(fact=fact, op="missing")).rules[0].when[0].fact == fact


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.sampled_from(["fact", "op", "value"]), JUNK)
def test_a_cell_of_junk_is_never_read_as_another_rule(cell: str, junk: object) -> None:
    good = {"fact": "net_worth", "op": "lt", "value": "0"}
    data = condition(**{**good, cell: junk})
    if isinstance(junk, str) and (cell == "value" or junk in {*KNOWN_FACTS, *Op}):
        return  # chance spelt a real cell
    assert problem(data)[0].startswith(f"{WHERE}.{cell}")
