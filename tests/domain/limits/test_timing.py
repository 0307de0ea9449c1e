"""The earliest sensible day, and the rule that determined it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.limits.timing import (
    Advice,
    TimingFacts,
    TimingKind,
    TimingRule,
    high_since,
    timing,
)
from tests.domain.limits.firms import D, shipped_terms

TERMS = shipped_terms().timing
TODAY = date(2026, 11, 28)
READY = TimingFacts(
    TODAY,
    audited_years=(2025,),
    last_decision_on=date(2026, 1, 10),
    use_high_since_on=date(2026, 7, 1),
    limit_expires_on=date(2027, 3, 31),
)


def advice(facts: TimingFacts, kind: TimingKind) -> Advice:
    return next(each for each in timing(facts, TERMS) if each.kind is kind)


def test_with_everything_in_order_more_may_be_asked_for_today_and_renewal_waits() -> None:
    more = advice(READY, TimingKind.TOP_UP)
    assert (more.on, more.rule) == (TODAY, TimingRule.TODAY)
    renewal = advice(READY, TimingKind.RENEW)
    assert (renewal.on, renewal.rule) == (date(2027, 1, 30), TimingRule.BEFORE_EXPIRY)


@pytest.mark.parametrize(
    ("changes", "on", "rule"),
    [
        ({"last_decision_on": date(2026, 11, 1)}, date(2027, 1, 30), TimingRule.LAST_DECISION),
        ({"arrears_cured_on": date(2026, 8, 31)}, date(2027, 2, 28), TimingRule.ARREARS_CURED),
        ({"alert_closed_on": date(2026, 11, 20)}, date(2026, 12, 20), TimingRule.ALERT_CLOSED),
        ({"use_high_since_on": date(2026, 10, 15)}, date(2027, 1, 15), TimingRule.LIMIT_USE),
        ({"use_high_since_on": None}, None, TimingRule.LIMIT_USE),
        ({"in_arrears": True}, None, TimingRule.ARREARS_CURED),
        ({"alert_open": True}, None, TimingRule.ALERT_CLOSED),
        ({"audited_years": (2024,)}, None, TimingRule.AUDITED_STATEMENT),
    ],
)
def test_the_latest_rule_determines_the_day_of_a_top_up(
    changes: dict[str, object], on: date | None, rule: TimingRule
) -> None:
    more = advice(replace(READY, **changes), TimingKind.TOP_UP)  # type: ignore[arg-type]
    assert (more.on, more.rule) == (on, rule)


def test_the_later_of_two_rules_wins_and_both_are_shown() -> None:
    facts = replace(READY, last_decision_on=date(2026, 11, 1), arrears_cured_on=date(2026, 11, 20))
    more = advice(facts, TimingKind.TOP_UP)
    assert (more.on, more.rule) == (date(2027, 5, 20), TimingRule.ARREARS_CURED)
    assert {reason.rule for reason in more.reasons} >= {
        TimingRule.LAST_DECISION,
        TimingRule.ARREARS_CURED,
    }


def test_without_a_limit_the_first_application_waits_for_the_statement_that_is_due() -> None:
    january = TimingFacts(date(2026, 1, 15))
    [first] = timing(january, TERMS)
    assert (first.kind, first.on) == (TimingKind.APPLY, date(2026, 4, 30))
    assert first.rule is TimingRule.AUDITED_STATEMENT
    [ready] = timing(replace(january, audited_years=(2024,)), TERMS)
    assert ready.on == date(2026, 1, 15)
    [overdue] = timing(replace(january, today=date(2026, 5, 2)), TERMS)
    assert (overdue.on, overdue.rule) == (None, TimingRule.AUDITED_STATEMENT)


def test_a_renewal_may_begin_at_once_in_the_last_sixty_days() -> None:
    facts = replace(READY, limit_expires_on=date(2026, 12, 31))
    renewal = advice(facts, TimingKind.RENEW)
    assert (renewal.on, renewal.rule) == (TODAY, TimingRule.TODAY)


@pytest.mark.parametrize(
    ("used", "since"),
    [
        ("69", None),
        ("70", date(2026, 11, 1)),
        ("95", date(2026, 8, 1)),
        ("170", date(2026, 6, 1)),
    ],
)
def test_a_limit_is_highly_used_since_the_step_that_lifted_it_there(
    used: str, since: date | None
) -> None:
    steps = [
        (date(2026, 11, 1), D(20)),
        (date(2026, 8, 1), D(30)),
        (date(2026, 6, 1), D(40)),
    ]
    assert high_since(D(used), D(70), steps) == since
    assert high_since(D(99), D(70), ()) is None


def test_a_dip_breaks_the_time_of_high_use() -> None:
    steps = [(date(2026, 11, 1), D(40)), (date(2026, 10, 1), D(-40)), (date(2026, 1, 1), D(80))]
    assert high_since(D(80), D(70), steps) == date(2026, 11, 1)
