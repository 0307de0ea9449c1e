"""Floating rates: when a loan is repriced, to what, and what a corrected fixing does."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts.events import Event, RateSet, Restructure, Reversal
from domain.rates import (
    Fixing,
    FloatingRate,
    Repricing,
    agreed_margin,
    fixing_on,
    floating_from_data,
    floating_on,
    index_rate_on,
    margin_steps,
    next_repricing,
    publication_on,
    rate_events,
    rate_on,
    repricing_dates,
)
from domain.violations import LoanRuleViolation


def fixing(key: str, on: date, rate: str, index: str = "LPR_1Y") -> Fixing:
    return Fixing(key, index, on, on, Decimal(rate))


def floating(repricing: Repricing = Repricing.QUARTERLY, **more: Decimal | None) -> FloatingRate:
    return FloatingRate(index="LPR_1Y", margin_bp=135, repricing=repricing, **more)


FIXINGS = (
    fixing("a", date(2025, 5, 20), "0.03"),
    fixing("other", date(2025, 5, 20), "0.035", "LPR_5Y"),
    fixing("b", date(2026, 3, 20), "0.029"),
)


def test_months_count_from_the_drawdown_and_keep_its_day() -> None:
    days = repricing_dates(floating(Repricing.MONTHLY), date(2024, 1, 31), date(2024, 5, 30))
    assert days == (date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30))


def test_new_year_is_the_first_of_january_after_the_drawdown() -> None:
    days = repricing_dates(floating(Repricing.NEW_YEAR), date(2025, 1, 1), date(2027, 1, 1))
    assert days == (date(2026, 1, 1), date(2027, 1, 1))


@given(
    st.sampled_from(Repricing),
    st.dates(date(1990, 1, 1), date(2060, 1, 1)),
    st.integers(0, 4000),
)
def test_the_next_repricing_is_the_first_that_is_not_past(
    repricing: Repricing, drawn_on: date, days: int
) -> None:
    to_on = date.fromordinal(drawn_on.toordinal() + days)
    past = repricing_dates(floating(repricing), drawn_on, to_on)
    coming = next_repricing(floating(repricing), drawn_on, to_on)
    assert coming > to_on
    assert repricing_dates(floating(repricing), drawn_on, coming) == (*past, coming)


def test_a_loan_bears_the_newest_fixing_of_its_own_index_plus_its_margin() -> None:
    assert rate_on(floating(), FIXINGS, date(2026, 3, 19)) == Decimal("0.0435")
    assert rate_on(floating(), FIXINGS, date(2026, 3, 20)) == Decimal("0.0425")


def test_cap_and_floor_hold_the_rate() -> None:
    capped = floating(cap=Decimal("0.043"), floor=Decimal("0.0428"))
    assert rate_on(capped, FIXINGS, date(2026, 1, 1)) == Decimal("0.043")
    assert rate_on(capped, FIXINGS, date(2026, 4, 1)) == Decimal("0.0428")


def test_each_repricing_date_is_one_event_named_by_its_fixing() -> None:
    events = rate_events(floating(), FIXINGS, date(2025, 12, 30), date(2026, 6, 30))
    assert [(event.key, event.value_on, event.yearly_rate) for event in events] == [
        ("fixing:b:2026-03-30", date(2026, 3, 30), Decimal("0.0425")),
        ("fixing:b:2026-06-30", date(2026, 6, 30), Decimal("0.0425")),
    ]


def test_a_corrected_fixing_counts_instead_under_a_key_of_its_own() -> None:
    corrected = (*FIXINGS, fixing("c", date(2026, 3, 20), "0.028"))
    events = rate_events(floating(), corrected, date(2025, 12, 30), date(2026, 3, 30))
    assert [(event.key, event.yearly_rate) for event in events] == [
        ("fixing:c:2026-03-30", Decimal("0.0415"))
    ]


def margin_set(key: str, on: date, margin_bp: int) -> RateSet:
    rate = Decimal("0.06")
    return RateSet(key=key, value_on=on, recorded_on=on, yearly_rate=rate, margin_bp=margin_bp)


def test_a_margin_agreed_while_the_loan_runs_outlives_the_next_repricing() -> None:
    """A step-up by contract to 6 % in May is not undone by the fixing taken in June."""
    steps = margin_steps([margin_set("change:1", date(2026, 5, 1), 310)])
    drawn_on, to_on = date(2025, 12, 30), date(2026, 6, 30)
    events = rate_events(floating(), FIXINGS, drawn_on, to_on, steps=steps)
    assert [(event.key, event.yearly_rate) for event in events] == [
        ("fixing:b:2026-03-30", Decimal("0.0425")),
        ("fixing:b:2026-06-30:change:1", Decimal("0.0600")),
    ]
    assert floating_on(floating(), steps, date(2026, 4, 30)).margin_bp == 135
    assert floating_on(floating(), steps, date(2026, 5, 1)).margin_bp == 310


def test_a_restructure_sets_a_margin_and_what_was_undone_sets_none() -> None:
    day = date(2026, 5, 1)
    anew = Restructure(
        key="change:2",
        value_on=date(2026, 7, 1),
        recorded_on=day,
        first_due_on=date(2026, 8, 1),
        instalments=6,
        yearly_rate=Decimal("0.03"),
        margin_bp=10,
    )
    undone = Reversal(key="x", value_on=day, recorded_on=day, reversed_key="change:1")
    events: list[Event] = [anew, margin_set("change:1", day, 310), undone]
    assert [(step.key, step.margin_bp) for step in margin_steps(events)] == [("change:2", 10)]


def test_a_new_rate_is_a_margin_of_whole_points_within_cap_and_floor() -> None:
    index = Decimal("0.03")
    collared = floating(cap=Decimal("0.05"), floor=Decimal("0.02"))
    assert agreed_margin(collared, index, Decimal("0.0475")).margin_bp == 175
    assert agreed_margin(collared, index, Decimal("0.0275")).margin_bp == -25
    with pytest.raises(LoanRuleViolation, match=r"rate\.points"):
        agreed_margin(collared, index, Decimal("0.047501"))
    for beyond in ("0.0501", "0.0199"):
        with pytest.raises(LoanRuleViolation, match=r"rate\.beyond_collar"):
            agreed_margin(collared, index, Decimal(beyond))


def test_the_index_is_that_of_the_last_repricing_or_of_the_signing() -> None:
    drawn_on, signed = date(2025, 12, 30), Decimal("0.0445")
    before = index_rate_on(floating(), FIXINGS, drawn_on, signed, date(2026, 3, 29))
    after = index_rate_on(floating(), FIXINGS, drawn_on, signed, date(2026, 3, 30))
    assert (before, after) == (Decimal("0.0310"), Decimal("0.029"))


def test_a_day_before_every_fixing_is_refused_by_name() -> None:
    with pytest.raises(LoanRuleViolation, match=r"rate\.no_fixing"):
        fixing_on("LPR_1Y", FIXINGS, date(2025, 5, 19))


def test_the_publication_moves_to_the_next_working_day() -> None:
    def weekday(day: date) -> bool:
        return day.weekday() < 5

    assert publication_on(2026, 6, weekday) == date(2026, 6, 22)  # the 20th is a Saturday
    assert publication_on(2026, 7, weekday) == date(2026, 7, 20)


def test_a_contract_says_its_floating_rate_as_data() -> None:
    said = {"index": "LPR_1Y", "margin_bp": 135, "repricing": "3m", "floor": "0.02"}
    assert floating_from_data(said) == floating(floor=Decimal("0.02"))


@pytest.mark.parametrize("wrong", [{"repricing": "2m"}, {"margin_bp": "135"}, {"spread": 1}])
def test_data_that_says_something_else_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(LoanRuleViolation, match=r"rate\.floating_malformed"):
        floating_from_data({"index": "LPR_1Y", "margin_bp": 135, "repricing": "3m", **wrong})


def test_a_cap_below_the_floor_and_an_absurd_margin_are_refused() -> None:
    with pytest.raises(LoanRuleViolation, match=r"rate\.cap_below_floor"):
        floating(cap=Decimal("0.01"), floor=Decimal("0.02"))
    with pytest.raises(LoanRuleViolation, match=r"rate\.margin_range"):
        FloatingRate(index="LPR_1Y", margin_bp=5001, repricing=Repricing.YEARLY)
