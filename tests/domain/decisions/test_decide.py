"""Judging a case by a policy."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decisions import FactValue, PolicyTable, Rule, decide
from domain.decisions.policy import Condition, Op
from domain.process import Verdict
from tests.domain.seeds import policy

CORPORATE = policy("corporate")
SBA = policy("sba")

SOUND: dict[str, FactValue] = {
    "amount": Decimal(800_000),
    "tenor_months": Decimal(12),
    "above_auto_cap": False,
    "first_time_borrower": True,
    "months_established": Decimal(60),
    "net_worth": Decimal(5_000_000),
    "licence_status": "active",
    "sanctions_listed": False,
    "dishonest_debtor": False,
    "days_past_due_here": Decimal(0),
    "days_past_due_elsewhere": Decimal(0),
    "tax_grade": "A",
    "tax_arrears": Decimal(0),
    "sources_pending": Decimal(0),
    "verification_mismatches": Decimal(0),
    "grade": "AA",
    "score": Decimal("7.3"),
    "pd": Decimal("0.0007"),
}


def test_a_sound_firm_within_the_automatic_limit_is_approved() -> None:
    decision = decide(CORPORATE, SOUND)
    assert decision.verdict is Verdict.APPROVE
    assert decision.reasons == ("meets_policy",)
    assert decision.matched_rule_ids == ("A01",)
    assert (decision.policy_code, decision.policy_version) == ("corporate", 1)


@pytest.mark.parametrize(
    ("fact", "value", "reason"),
    [
        ("licence_status", "abnormal", "licence_not_active"),
        ("licence_status", "revoked", "licence_not_active"),
        ("sanctions_listed", True, "sanctions_listed"),
        ("dishonest_debtor", True, "dishonest_debtor"),
        ("days_past_due_here", Decimal(1), "overdue_here"),
        ("days_past_due_elsewhere", Decimal(31), "overdue_elsewhere"),
        ("net_worth", Decimal("-0.01"), "net_worth_negative"),
        ("months_established", Decimal(11), "established_too_recently"),
        ("tax_grade", "D", "tax_grade_d"),
        ("tax_arrears", Decimal("0.01"), "tax_arrears"),
        ("grade", "C", "grade_not_eligible"),
        ("grade", "D", "grade_not_eligible"),
    ],
)
def test_a_knock_out_declines(fact: str, value: FactValue, reason: str) -> None:
    decision = decide(CORPORATE, {**SOUND, fact: value})
    assert decision.verdict is Verdict.DECLINE
    assert decision.reasons == (reason,)


@pytest.mark.parametrize(
    ("fact", "value", "reason"),
    [
        ("sources_pending", Decimal(1), "sources_pending"),
        ("verification_mismatches", Decimal(1), "declared_differs_from_source"),
        ("grade", "B", "grade_needs_judgement"),
        ("grade", "BBB", "grade_needs_judgement"),
    ],
)
def test_a_doubt_refers(fact: str, value: FactValue, reason: str) -> None:
    decision = decide(CORPORATE, {**SOUND, fact: value})
    assert decision.verdict is Verdict.REFER
    assert decision.reasons == (reason,)


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("days_past_due_elsewhere", Decimal(30)),
        ("months_established", Decimal(12)),
        ("net_worth", Decimal(0)),
        ("tax_grade", "M"),
        ("grade", "A"),
    ],
)
def test_a_figure_on_the_limit_passes(fact: str, value: FactValue) -> None:
    assert decide(CORPORATE, {**SOUND, fact: value}).verdict is Verdict.APPROVE


def test_a_first_loan_above_the_automatic_limit_is_referred_for_both_reasons() -> None:
    decision = decide(CORPORATE, {**SOUND, "above_auto_cap": True})
    assert decision.verdict is Verdict.REFER
    assert decision.reasons == ("first_loan_above_automatic_limit", "above_automatic_limit")


def test_a_decline_wins_over_every_doubt_and_gap() -> None:
    facts = {**SOUND, "dishonest_debtor": True, "sources_pending": Decimal(2), "tax_grade": None}
    decision = decide(CORPORATE, facts)
    assert decision.verdict is Verdict.DECLINE
    assert decision.reasons == ("dishonest_debtor",)
    assert decision.matched_rule_ids == ("K03", "R01", "A01")


KNOCK_OUT_FACTS = [
    "licence_status",
    "sanctions_listed",
    "dishonest_debtor",
    "days_past_due_here",
    "days_past_due_elsewhere",
    "net_worth",
    "months_established",
    "tax_grade",
    "tax_arrears",
    "grade",
]


@pytest.mark.parametrize("fact", KNOCK_OUT_FACTS)
@pytest.mark.parametrize("value", [None, Decimal("NaN"), "nobody knows"])
def test_a_knock_out_that_cannot_be_judged_refers(fact: str, value: FactValue) -> None:
    decision = decide(CORPORATE, {**SOUND, fact: value})
    assert decision.verdict is Verdict.REFER
    assert decision.reasons == (f"fact_missing:{fact}",)


def test_a_gap_does_not_matter_where_another_condition_rules_the_rule_out() -> None:
    assert decide(CORPORATE, {**SOUND, "first_time_borrower": None}).verdict is Verdict.APPROVE


def test_a_case_of_which_nothing_is_known_is_referred() -> None:
    assert decide(CORPORATE, {}).verdict is Verdict.REFER
    assert decide(SBA, {}).verdict is Verdict.REFER


@pytest.mark.parametrize(
    ("pd", "above", "verdict"),
    [
        ("0.249999", False, Verdict.APPROVE),
        ("0.25", False, Verdict.REFER),
        ("0.60", False, Verdict.REFER),
        ("0.600001", False, Verdict.DECLINE),
        ("0.600001", True, Verdict.DECLINE),
        ("0.05", True, Verdict.REFER),
        (None, False, Verdict.REFER),
    ],
)
def test_the_small_business_policy_cuts_at_its_two_limits(
    pd: str | None, above: bool, verdict: Verdict
) -> None:
    facts: dict[str, FactValue] = {"pd": Decimal(pd) if pd else None, "above_auto_cap": above}
    assert decide(SBA, facts).verdict is verdict


@pytest.mark.parametrize(
    ("op", "value", "holds"),
    [
        (Op.LT, "4", [True, False, False]),
        (Op.LE, "4", [True, True, False]),
        (Op.GT, "4", [False, False, True]),
        (Op.GE, "4", [False, True, True]),
        (Op.EQ, "4.00", [False, True, False]),
        (Op.NE, "4", [True, False, True]),
    ],
)
def test_each_comparison_means_what_it_says(op: Op, value: str, holds: list[bool]) -> None:
    rule = Rule("A", (Condition("score", op, Decimal(value)),), Verdict.APPROVE, "fits")
    table = PolicyTable("test", 1, (rule,))
    verdicts = [decide(table, {"score": Decimal(score)}).verdict for score in (3, 4, 5)]
    assert [verdict is Verdict.APPROVE for verdict in verdicts] == holds


def test_membership_absence_and_presence_can_be_asked() -> None:
    def approves(*when: Condition, score: Decimal | None) -> bool:
        table = PolicyTable("test", 1, (Rule("A", when, Verdict.APPROVE, "fits"),))
        return decide(table, {"score": score}).verdict is Verdict.APPROVE

    assert approves(Condition("score", Op.IN, (Decimal(1), Decimal(2))), score=Decimal("2.0"))
    assert approves(Condition("score", Op.MISSING), score=None)
    assert not approves(Condition("score", Op.MISSING), score=Decimal(1))
    assert approves(Condition("score", Op.PRESENT), score=Decimal(1))
    assert not approves(Condition("score", Op.PRESENT), score=None)


def test_what_no_rule_covers_gets_the_tables_own_word() -> None:
    rule = Rule("A", (Condition("sanctions_listed", Op.IS_TRUE),), Verdict.DECLINE, "listed")
    table = PolicyTable("test", 1, (rule,), otherwise=Verdict.DECLINE)
    decision = decide(table, {"sanctions_listed": False})
    assert decision.verdict is Verdict.DECLINE
    assert decision.reasons == ("no_rule_matched",)


@given(st.sets(st.sampled_from(sorted(SOUND))))
def test_fewer_known_facts_never_turn_a_case_into_an_approval(unknown: set[str]) -> None:
    for start in (SOUND, {**SOUND, "tax_grade": "D"}, {**SOUND, "grade": "B"}):
        known = {name: value for name, value in start.items() if name not in unknown}
        if decide(CORPORATE, known).verdict is Verdict.APPROVE:
            assert decide(CORPORATE, start).verdict is Verdict.APPROVE


@given(st.permutations(CORPORATE.rules), st.sampled_from(["AAA", "B", "D", None]))
def test_the_order_of_the_rules_never_changes_the_verdict(
    rules: list[Rule], grade: str | None
) -> None:
    shuffled = PolicyTable("corporate", 1, tuple(rules))
    facts = {**SOUND, "grade": grade}
    assert decide(shuffled, facts).verdict is decide(CORPORATE, facts).verdict
