"""Stages and expected loss against figures worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.classification import FiveClass
from domain.portfolio.expected_loss import by_grade, by_stage, loss_of
from domain.portfolio.exposure import Exposure
from domain.portfolio.staging import Stage, stage_of
from domain.portfolio.term_structure import survival_of
from domain.scoring import GRADES, LIFETIME_SCALE, ONE_YEAR_SCALE
from tests.domain.portfolio.notes_of_book import TODAY, note
from tests.domain.portfolio.test_portfolio_policy import shipped

NEXT_YEARS_END = date(2027, 11, 28)


def test_the_worked_example() -> None:
    """8 m drawn, 2 m undrawn of which 40 % count, PD 1.2 %, LGD 40 %: 42,240."""
    one = note(
        *("a", "8000000"), undrawn=Decimal(2_000_000), grade="BBB", grade_then="BBB",
        falls_due=((NEXT_YEARS_END, Decimal(8_000_000)),),
    )  # fmt: skip
    loss = loss_of(one, shipped(), TODAY, {one.customer_id: Decimal("0.012")})
    assert loss.exposure == Decimal(8800000)
    assert loss.twelve_months == Decimal("42240.00")
    assert loss.lifetime == Decimal("42240.00")
    assert (loss.stage, loss.counted) == (Stage.PERFORMING, Decimal("42240.00"))


def test_the_curve_meets_both_points_of_the_scales() -> None:
    for grade in GRADES[:-1]:
        curve = survival_of(grade)
        assert abs(1 - curve.alive(12) - ONE_YEAR_SCALE.pd_of(grade)) < Decimal("1e-20")
        at_ten = 1 - curve.alive(120)
        assert abs(at_ten - LIFETIME_SCALE.pd_of(grade)) < Decimal("1e-20")
        assert all(curve.defaulting(month) >= 0 for month in range(1, 121))


def test_a_ratings_own_probability_moves_the_whole_curve() -> None:
    own = survival_of("BBB", Decimal("0.012"))
    assert abs(1 - own.alive(12) - Decimal("0.012")) < Decimal("1e-20")
    assert 1 - own.alive(120) > LIFETIME_SCALE.pd_of("BBB")


def test_an_instalment_a_month_on_is_lent_for_one_month_only() -> None:
    """Half due in one month, half in two; PD_m = 1 - 0.9^(1/12) a month, no interest."""
    one = note(
        *("a", "100000"), grade="B", grade_then="B",
        falls_due=((date(2026, 12, 28), Decimal(50_000)), (date(2027, 1, 28), Decimal(50_000))),
    )  # fmt: skip
    loss = loss_of(one, shipped(), TODAY, {one.customer_id: Decimal("0.1")})
    alive = float(Decimal("0.9")) ** (1 / 12)
    expected = 0.4 * ((1 - alive) * 100_000 + (alive - alive**2) * 50_000)
    assert float(loss.lifetime) == pytest.approx(expected, abs=0.006)
    assert loss.twelve_months == loss.lifetime


def test_the_life_is_discounted_with_the_notes_own_rate() -> None:
    plain = note("a", "1000000", grade="A", falls_due=((date(2029, 11, 28), Decimal(1_000_000)),))
    dear = replace(plain, yearly_rate=Decimal("0.12"))
    free, discounted = loss_of(plain, shipped(), TODAY), loss_of(dear, shipped(), TODAY)
    assert discounted.lifetime < free.lifetime
    by_hand = sum(
        float(survival_of("A").defaulting(month)) * 400_000 / 1.01**month for month in range(1, 37)
    )
    assert float(discounted.lifetime) == pytest.approx(by_hand, abs=0.006)


def test_a_late_instalment_counts_as_due_this_month() -> None:
    late = note("a", "90000", grade="A", falls_due=((date(2026, 10, 1), Decimal(90_000)),))
    soon = note("a", "90000", grade="A", falls_due=((date(2026, 12, 1), Decimal(90_000)),))
    assert loss_of(late, shipped(), TODAY) == replace(loss_of(soon, shipped(), TODAY), note=late)


@pytest.mark.parametrize(
    ("one", "stage"),
    [
        (note("a", "1", grade="A", grade_then="A"), Stage.PERFORMING),
        (note("a", "1", grade="A", grade_then="AA"), Stage.PERFORMING),
        (note("a", "1", grade="A", grade_then="AAA"), Stage.RISKIER),
        (note("a", "1", grade="B", grade_then="B"), Stage.RISKIER),
        (note("a", "1", days_past_due=30), Stage.PERFORMING),
        (note("a", "1", days_past_due=31), Stage.RISKIER),
        (note("a", "1", days_past_due=90), Stage.RISKIER),
        (note("a", "1", days_past_due=91), Stage.IMPAIRED),
        (note("a", "1", five_class=FiveClass.SUBSTANDARD), Stage.IMPAIRED),
        (note("a", "1", grade="D"), Stage.IMPAIRED),
    ],
)
def test_stages(one: Exposure, stage: Stage) -> None:
    assert stage_of(one, shipped().stages) is stage


def test_an_impaired_note_loses_its_share_on_either_horizon() -> None:
    loss = loss_of(note("a", "250000", days_past_due=100), shipped(), TODAY)
    assert loss.twelve_months == loss.lifetime == loss.counted == Decimal("100000.00")


def test_who_is_not_rated_is_taken_for_a_weak_grade() -> None:
    unrated = loss_of(note("a", "100000"), shipped(), TODAY)
    weak = loss_of(note("a", "100000", grade="B", grade_then="B"), shipped(), TODAY)
    assert unrated.twelve_months == weak.twelve_months
    assert unrated.stage is Stage.PERFORMING


def test_who_is_late_is_no_better_than_the_watched_grade() -> None:
    late = note("a", "100000", grade="AAA", days_past_due=40)
    weak = note("a", "100000", grade="B", days_past_due=40)
    own = {late.customer_id: Decimal("0.0005")}
    assert loss_of(late, shipped(), TODAY, own).counted == loss_of(weak, shipped(), TODAY).counted
    worse = note("a", "100000", grade="C", days_past_due=40)
    assert loss_of(worse, shipped(), TODAY).counted > loss_of(weak, shipped(), TODAY).counted


def test_a_worse_stage_never_asks_for_less() -> None:
    due = tuple((date(2027 + n // 12, n % 12 + 1, 15), Decimal(10_000)) for n in range(36))
    for grade in GRADES[:-1]:
        loss = loss_of(note("a", "360000", grade=grade, falls_due=due), shipped(), TODAY)
        assert loss.lifetime >= loss.twelve_months > 0


def test_stages_and_grades_add_up_to_the_whole() -> None:
    losses = [
        loss_of(each, shipped(), TODAY)
        for each in (
            note("a", "100000", grade="AA"),
            note("b", "200000", grade="C"),
            note("c", "300000", days_past_due=95),
        )
    ]
    stages = by_stage(losses)
    assert [(each.stage, each.notes) for each in stages] == [(1, 1), (2, 1), (3, 1)]
    counted = sum(each.counted for each in losses)
    assert sum(each.counted for each in stages) == counted == sum(by_grade(losses).values())
    assert stages[2].cover == Decimal("0.4")
    assert set(by_grade(losses)) == {"AA", "C", "unrated"}
