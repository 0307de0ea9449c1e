"""Five-class risk: floors, refused and granted upgrades, observation, contagion both ways."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.classification import (
    FiveClass,
    RiskFacts,
    classify,
    floor_of,
    months_after,
    with_contagion,
)

CURED = date(2026, 3, 1)
FACTS = RiskFacts(
    as_of=date(2026, 9, 1),
    days_past_due=0,
    previous=FiveClass.SUBSTANDARD,
    normal_since_on=CURED,
    periods_paid=6,
)
DAYS = st.integers(0, 2000)
CLASSES = st.sampled_from(FiveClass)
CLAIMS = st.lists(st.tuples(CLASSES, st.decimals(1, 10**9, places=2)), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, "normal"),
        (1, "special_mention"),
        (90, "special_mention"),
        (91, "substandard"),
        (270, "substandard"),
        (271, "doubtful"),
        (360, "doubtful"),
        (361, "loss"),
    ],
)
def test_the_floor_follows_days_past_due(days: int, expected: str) -> None:
    assert floor_of(days) == expected


def test_lateness_of_the_banks_own_making_is_forgiven_for_a_week() -> None:
    assert floor_of(7, operational=True) is FiveClass.NORMAL
    assert floor_of(8, operational=True) is FiveClass.SPECIAL_MENTION


def test_an_upgrade_is_refused_at_month_five_and_granted_at_month_six() -> None:
    assert classify(replace(FACTS, as_of=date(2026, 8, 1))) is FiveClass.SUBSTANDARD
    assert classify(replace(FACTS, as_of=date(2026, 8, 31))) is FiveClass.SUBSTANDARD
    assert classify(FACTS) is FiveClass.NORMAL


def test_six_months_of_a_yearly_payer_prove_nothing_yet() -> None:
    assert classify(replace(FACTS, periods_paid=1)) is FiveClass.SUBSTANDARD


def test_an_upgrade_waits_for_the_arrears() -> None:
    late = replace(FACTS, days_past_due=3, normal_since_on=None)
    assert classify(late) is FiveClass.SUBSTANDARD


def test_misuse_and_refinancing_are_never_normal() -> None:
    fresh = RiskFacts(as_of=CURED, days_past_due=0)
    assert classify(fresh) is FiveClass.NORMAL
    assert classify(replace(fresh, misused=True)) is FiveClass.SPECIAL_MENTION
    assert classify(replace(fresh, refinancing=True)) is FiveClass.SPECIAL_MENTION
    assert classify(replace(fresh, written_off=True)) is FiveClass.LOSS


def test_a_restructured_note_is_watched_for_a_year_and_two_periods() -> None:
    watched = RiskFacts(
        as_of=date(2027, 2, 28), days_past_due=0, observed_from_on=CURED, periods_observed=12
    )
    assert classify(watched) is FiveClass.SPECIAL_MENTION
    over = replace(watched, as_of=date(2027, 3, 1))
    assert classify(over) is FiveClass.NORMAL
    assert classify(replace(over, periods_observed=1)) is FiveClass.SPECIAL_MENTION
    restarted = replace(over, observed_from_on=date(2026, 8, 2))
    assert classify(restarted) is FiveClass.SPECIAL_MENTION


def test_a_debtor_is_marked_as_a_whole_and_unmarked_again() -> None:
    """Source: threads 382 and 502, later loans stayed unmarked and customers stayed marked."""
    good, bad = (FiveClass.NORMAL, Decimal(80)), (FiveClass.DOUBTFUL, Decimal(20))
    assert with_contagion([good, bad]) == (FiveClass.SUBSTANDARD, FiveClass.DOUBTFUL)
    later = (FiveClass.NORMAL, Decimal(50))
    assert with_contagion([good, bad, later])[2] is FiveClass.SUBSTANDARD
    cured = (FiveClass.NORMAL, Decimal(20))
    assert set(with_contagion([good, cured, later])) == {FiveClass.NORMAL}


def test_contagion_needs_more_than_a_tenth() -> None:
    edge = [(FiveClass.NORMAL, Decimal(90)), (FiveClass.SUBSTANDARD, Decimal(10))]
    assert with_contagion(edge)[0] is FiveClass.NORMAL
    assert with_contagion([(FiveClass.NORMAL, Decimal(89)), edge[1]])[0].is_bad


@given(days=DAYS, more=DAYS)
def test_more_days_never_improve_the_floor(days: int, more: int) -> None:
    assert floor_of(days + more).rank >= floor_of(days).rank


@given(
    days=DAYS,
    previous=CLASSES,
    since=st.none() | st.dates(date(2024, 1, 1), date(2026, 9, 1)),
    periods=st.integers(0, 40),
    misused=st.booleans(),
)
def test_no_class_is_better_than_its_floor(
    days: int, previous: FiveClass, since: date | None, periods: int, misused: bool
) -> None:
    facts = RiskFacts(
        as_of=date(2026, 9, 1),
        days_past_due=days,
        previous=previous,
        normal_since_on=since,
        periods_paid=periods,
        misused=misused,
    )
    found = classify(facts)
    assert found.rank >= floor_of(days).rank
    if previous.is_bad and not found.is_bad:
        assert days == 0
        assert since is not None
        assert months_after(since, 6) <= facts.as_of


@given(CLAIMS)
def test_contagion_never_improves_a_class_and_is_all_or_nothing(
    claims: list[tuple[FiveClass, Decimal]],
) -> None:
    found = with_contagion(claims)
    own = tuple(c for c, _ in claims)
    assert all(a.rank >= b.rank for a, b in zip(found, own, strict=True))
    assert found == own or all(c.is_bad for c in found)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 60))
def test_months_keep_the_day_or_the_months_last(day: date, months: int) -> None:
    later = months_after(day, months)
    assert later.day == day.day or (later + timedelta(days=1)).day == 1
