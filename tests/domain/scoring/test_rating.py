"""One grade of several algorithms: what caps it, what it is made of, and when there is none."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.scoring.grades import GRADES
from domain.scoring.rating import RatingFacts, method_from_data, rate_firm, worst
from domain.violations import LoanRuleViolation
from persistence.scorecards import shipped_rating_method
from tests.domain.scoring.cards import CARD, statement

METHOD = shipped_rating_method()
NOTHING = RatingFacts()


def rules_of(*statements: object, facts: RatingFacts = NOTHING) -> dict[str, str]:
    rating = rate_firm(METHOD, CARD, statements, facts)  # type: ignore[arg-type]
    return {cap.rule: cap.grade for cap in rating.caps}


def test_a_sound_firm_keeps_its_scorecards_grade() -> None:
    rating = rate_firm(METHOD, CARD, [statement()], NOTHING)
    assert rating.caps == ()
    assert rating.grade == rating.scorecard.grade
    assert rating.pd == rating.scorecard.pd
    assert {opinion.model for opinion in rating.opinions} == {
        *("altman_z", "altman_z_prime", "altman_z_double_prime", "zmijewski")
    }


@pytest.mark.parametrize(
    "facts",
    [
        RatingFacts(insolvent=True),
        RatingFacts(stopped_months=6),
        RatingFacts(evades_debts=True),
    ],
)
def test_an_insolvent_stopped_or_evading_firm_is_c(facts: RatingFacts) -> None:
    rating = rate_firm(METHOD, CARD, [statement()], facts)
    assert rating.grade == "C"
    assert rating.pd == CARD.pd_by_grade["C"]


def test_negative_net_worth_caps() -> None:
    poor = statement(total_liabilities=1100, equity=-100)
    assert rules_of(poor)["negative_net_worth"] == "B"


def test_two_years_of_losses_cap_and_one_does_not() -> None:
    loss, before = statement(2025, net_profit=-5), statement(2024, net_profit=-5)
    assert rules_of(loss, before)["years_of_losses"] == "BBB"
    assert "years_of_losses" not in rules_of(loss)
    assert "years_of_losses" not in rules_of(loss, statement(2024))


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"total_liabilities": 600, "equity": 400}, "best_needs_leverage"),
        ({"interest_expense": 100}, "best_needs_interest_cover"),
        ({"interest_expense": None}, "best_needs_interest_cover"),
        ({"current_liabilities": 300, "current_assets": 290}, "best_needs_liquidity"),
        ({"operating_cash_flow": 1}, "best_needs_cash_flow"),
        ({"operating_cash_flow": None}, "best_needs_cash_flow"),
    ],
)
def test_the_best_grade_needs_full_marks(changed: dict[str, int | None], rule: str) -> None:
    assert rules_of(statement(**changed))[rule] == "AA"


def test_a_firm_that_pays_no_interest_needs_no_cover() -> None:
    assert "best_needs_interest_cover" not in rules_of(statement(interest_expense=0))


def test_two_families_of_published_models_cap_and_one_does_not() -> None:
    sick = statement(
        total_liabilities=1200,
        equity=-200,
        retained_earnings=-900,
        ebit=-200,
        net_profit=-300,
        current_liabilities=900,
    )
    assert rules_of(sick)["published_models"] == "BBB"
    lenient = replace(METHOD, distress_opinions=3)
    rating = rate_firm(lenient, CARD, [sick], NOTHING)
    assert "published_models" not in {cap.rule for cap in rating.caps}


def test_a_capped_firm_carries_the_final_grades_probability() -> None:
    rating = rate_firm(METHOD, CARD, [statement()], RatingFacts(insolvent=True))
    assert rating.scorecard.pd is not None
    assert rating.pd is not None
    assert rating.pd > rating.scorecard.pd


def test_a_missing_year_gives_no_grade() -> None:
    asked = replace(METHOD, statements_min=3)
    rating = rate_firm(asked, CARD, [statement(2025), statement(2023)], NOTHING)
    assert (rating.grade, rating.pd) == (None, None)
    assert [found.params["year"] for found in rating.findings] == ["2024"]


def test_statements_that_do_not_balance_give_no_grade() -> None:
    rating = rate_firm(METHOD, CARD, [statement(equity=500)], NOTHING)
    assert rating.grade is None
    assert rating.findings[0].code == "scoring.unbalanced"


def test_the_worst_of_grades() -> None:
    assert worst(("AA", "B", "AAA")) == "B"


def test_the_cards_grades_are_the_banks_and_rise_in_risk() -> None:
    assert tuple(CARD.pd_by_grade) == GRADES
    levels = [CARD.pd_by_grade[grade] for grade in GRADES]
    assert levels == sorted(levels)
    assert CARD.pd_by_grade["D"] == Decimal(1)


@pytest.mark.parametrize(
    "caps",
    [
        None,
        [{"rule": "moon", "grade": "C", "limit": "0"}],
        [{"rule": "insolvent", "grade": "Z", "limit": "0"}],
    ],
)
def test_a_method_with_a_wrong_cell_is_refused(caps: object) -> None:
    data = {
        "version": "x",
        "caps": caps,
        "distress_opinions": 2,
        "distress_grade": "BBB",
        "statements_min": 1,
    }
    with pytest.raises(LoanRuleViolation, match=r"rating_method\.malformed"):
        method_from_data(data)
