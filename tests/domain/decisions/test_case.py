"""The facts of a case, gathered for its policy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.applications import ApplicationFacts, declared_facts, score_inputs
from domain.decisions import FactValue, case_facts, decide, months_between
from domain.decisions.facts import KNOWN_FACTS
from domain.process import Verdict
from domain.scoring import score
from domain.verification import SourceFacts, SourceStatus, compare
from tests.domain.applications.drafts import TODAY, checked
from tests.domain.seeds import policy, product

ANSWERS: dict[str, dict[str, str | None]] = {
    "registry": {
        "name": "远山科技",
        "legal_representative": "王建国",
        "established_on": "2012-05-20",
        "status": "active",
    },
    "bureau": {"days_past_due_elsewhere": "0"},
    "tax": {"revenue": "19000000.00", "net_profit": "900000.00", "grade": "A", "arrears": "0.00"},
    "courts": {"dishonest_debtor": "false"},
    "sanctions": {"hit": "false"},
    "bank_flow": {"inflow_12m": "18000000.00"},
    "internal": {"days_past_due_here": "0", "loans_before": "0"},
}


def reports(**changes: dict[str, str | None]) -> dict[str, SourceFacts]:
    answers = {**ANSWERS, **changes}
    return {name: SourceFacts(name, SourceStatus.ANSWERED, TODAY, f) for name, f in answers.items()}


def application() -> ApplicationFacts:
    facts = checked().facts
    assert facts is not None
    return facts


def gathered(answers: dict[str, SourceFacts]) -> dict[str, FactValue]:
    facts = application()
    return case_facts(
        product=product("WC_ONE_OFF"),
        application=facts,
        score=score("altman_em", score_inputs(facts)),
        reports=answers,
        comparisons=compare(declared_facts("远山科技", facts), answers),
        today=TODAY,
    )


def verdict(answers: dict[str, SourceFacts]) -> tuple[Verdict, tuple[str, ...]]:
    decision = decide(policy("corporate"), gathered(answers))
    return decision.verdict, decision.reasons


def test_every_known_fact_is_gathered_and_no_other() -> None:
    facts = gathered(reports())
    assert facts.keys() == KNOWN_FACTS.keys()
    assert None not in facts.values()


def test_a_sound_case_is_approved_from_its_sources() -> None:
    assert verdict(reports()) == (Verdict.APPROVE, ("meets_policy",))


@pytest.mark.parametrize("source", ANSWERS)
def test_a_source_that_is_down_refers_the_case(source: str) -> None:
    answers = reports()
    answers[source] = replace(answers[source], status=SourceStatus.PENDING)
    said, reasons = verdict(answers)
    assert said is Verdict.REFER
    assert "sources_pending" in reasons


@pytest.mark.parametrize("source", ANSWERS)
def test_a_source_that_was_never_asked_refers_the_case(source: str) -> None:
    answers = reports()
    del answers[source]
    assert verdict(answers)[0] is Verdict.REFER


@pytest.mark.parametrize(
    ("source", "fact", "text", "reason"),
    [
        ("registry", "status", "revoked", "licence_not_active"),
        ("bureau", "days_past_due_elsewhere", "60", "overdue_elsewhere"),
        ("tax", "arrears", "860000.00", "tax_arrears"),
        ("courts", "dishonest_debtor", "true", "dishonest_debtor"),
        ("sanctions", "hit", "true", "sanctions_listed"),
        ("internal", "days_past_due_here", "1", "overdue_here"),
    ],
)
def test_an_adverse_answer_declines_the_case(
    source: str, fact: str, text: str, reason: str
) -> None:
    answers = reports(**{source: {**ANSWERS[source], fact: text}})
    assert verdict(answers) == (Verdict.DECLINE, (reason,))


def test_a_garbled_answer_is_missing_and_refers_the_case() -> None:
    answers = reports(courts={"dishonest_debtor": "TRUE"})
    assert verdict(answers) == (Verdict.REFER, ("fact_missing:dishonest_debtor",))


def test_a_revenue_the_tax_office_does_not_know_refers_the_case() -> None:
    answers = reports(tax={**ANSWERS["tax"], "revenue": "12000000.00"})
    assert verdict(answers) == (Verdict.REFER, ("declared_differs_from_source",))


@pytest.mark.parametrize(
    ("since", "today", "months"),
    [
        (date(2025, 3, 2), date(2026, 3, 2), 12),
        (date(2025, 3, 3), date(2026, 3, 2), 11),
        (date(2024, 2, 29), date(2025, 2, 28), 11),
        (date(2024, 2, 29), date(2025, 3, 1), 12),
        (date(2026, 3, 2), date(2026, 3, 2), 0),
    ],
)
def test_months_are_counted_when_they_are_whole(since: date, today: date, months: int) -> None:
    assert months_between(since, today) == months


def test_an_amount_above_the_automatic_limit_is_marked() -> None:
    large = replace(application(), amount=Decimal("1000000.01"))
    facts = case_facts(
        product=product("WC_ONE_OFF"),
        application=large,
        score=score("altman_em", score_inputs(large)),
        reports=reports(),
        comparisons=(),
        today=TODAY,
    )
    assert facts["above_auto_cap"] is True
