"""The deterioration ladder: what each fall of a grade proposes, and to which loans."""

from __future__ import annotations

import copy
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import persistence
from domain.violations import FindingsViolation, LoanRuleViolation
from domain.watch.events import difference
from domain.watch.ladder import (
    LoanStanding,
    Measure,
    MeasureKind,
    concerns,
    ladder_from_data,
    measures_for,
)
from domain.watch.refresh import changed, refreshed
from domain.watch.reviews import plan_from_data
from domain.watch.signals import Colour

SEED = Path(persistence.__file__).parent / "seed" / "watch"


def first(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SEED / name).read_text("utf-8"))["versions"][0]
    return found


LADDER = ladder_from_data(first("ladder.json"))
PLAN = plan_from_data(first("reviews.json"))
K = MeasureKind


def proposed(old: str, new: str) -> list[tuple[MeasureKind, int]]:
    return [(measure.kind, measure.bp) for _, measure in measures_for(LADDER, old, new)]


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ("AAA", "AA", [(K.MARGIN_STEP, 20), (K.REVIEW, 0)]),
        (
            "AAA",
            "A",
            [(K.MARGIN_STEP, 50), (K.CUT_UNDRAWN, 0), (K.EXTRA_COLLATERAL, 0), (K.REVIEW, 0)],
        ),
        (
            "BBB",
            "B",
            [
                (K.MARGIN_STEP, 20),
                (K.REVIEW, 0),
                (K.FREEZE_UNDRAWN, 0),
                (K.FASTER_AMORTISATION, 0),
                (K.EXIT_PLAN, 0),
            ],
        ),
        (
            "C",
            "D",
            [
                (K.MARGIN_STEP, 20),
                (K.REVIEW, 0),
                (K.ACCELERATE, 0),
                (K.OFFSET, 0),
                (K.LITIGATION, 0),
            ],
        ),
        ("A", "AA", [(K.MARGIN_BACK, 0), (K.UNFREEZE, 0)]),
        ("A", "A", []),
    ],
)
def test_each_fall_proposes_its_measures(
    old: str, new: str, kinds: list[tuple[MeasureKind, int]]
) -> None:
    assert proposed(old, new) == kinds


def test_a_freeze_covers_a_cut() -> None:
    kinds = [kind for kind, _ in proposed("AA", "B")]
    assert K.FREEZE_UNDRAWN in kinds
    assert K.CUT_UNDRAWN not in kinds


def standing(**given: Any) -> LoanStanding:
    usual: dict[str, Any] = {
        "outstanding": Decimal(100),
        "undrawn": Decimal(0),
        "instalments_left": 6,
    }
    return LoanStanding(**(usual | given))


@pytest.mark.parametrize(
    ("kind", "loan", "concerned"),
    [
        (K.MARGIN_STEP, standing(), True),
        (K.MARGIN_STEP, standing(outstanding=Decimal(0)), False),
        (K.CUT_UNDRAWN, standing(), False),
        (K.CUT_UNDRAWN, standing(undrawn=Decimal(5)), True),
        (K.FREEZE_UNDRAWN, standing(undrawn=Decimal(5), frozen=True), False),
        (K.UNFREEZE, standing(frozen=True), True),
        (K.UNFREEZE, standing(), False),
        (K.FASTER_AMORTISATION, standing(instalments_left=1), False),
        (K.FASTER_AMORTISATION, standing(), True),
        (K.ACCELERATE, standing(is_accelerated=True), False),
        (K.MARGIN_BACK, standing(), False),
        (K.MARGIN_BACK, standing(stepped_bp=20), True),
    ],
)
def test_a_measure_concerns_loans_it_can_act_on(
    kind: MeasureKind, loan: LoanStanding, concerned: bool
) -> None:
    assert concerns(Measure(kind, "clause"), loan) is concerned


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d["rungs"][0].update(grade_at_most="B"),
        lambda d: d["rungs"][2].update(grade_at_most="E"),
        lambda d: d["rungs"][0]["measures"][0].update(bp=501),
        lambda d: d["rungs"][0]["measures"][0].pop("bp"),
        lambda d: d["rungs"][1]["measures"][1].update(share="1.5"),
        lambda d: d["rungs"][0]["measures"][0].update(kind="pray"),
        lambda d: d["rungs"][0].update(measures=[]),
        lambda d: d.update(rungs=[]),
    ],
)
def test_a_ladder_that_is_half_right_is_refused_whole(spoil: Any) -> None:
    spoilt = copy.deepcopy(first("ladder.json"))
    spoil(spoilt)
    with pytest.raises(LoanRuleViolation, match=r"watch\.malformed"):
        ladder_from_data(spoilt)


@pytest.mark.parametrize(
    ("grade", "alerts", "months"),
    [
        ("AAA", [], 24),
        ("AA", [Colour.YELLOW], 24),
        ("A", [], 12),
        ("B", [], 6),
        (None, [], 12),
        ("AAA", [Colour.ORANGE], 6),
        (None, [Colour.RED, Colour.BLUE], 6),
    ],
)
def test_reviews_recur_by_risk(grade: str | None, alerts: list[Colour], months: int) -> None:
    assert PLAN.months(grade, alerts) == months
    assert PLAN.effective_on == date(2026, 1, 1)


@pytest.mark.parametrize("days", [[], [0, 7], [-7, -30], [-30, -30], [True]])
def test_reminders_start_before_the_day_and_in_order(days: list[int]) -> None:
    with pytest.raises(LoanRuleViolation, match=r"watch\.malformed"):
        plan_from_data(first("reviews.json") | {"reminder_days": days})


def test_what_a_customer_states_is_cleaned_and_only_what_differs_counts() -> None:
    stated = refreshed({"name": " 新名称有限公司 ", "contact_email": "a@b.cn", "remarks": "无"})
    assert stated == {"name": "新名称有限公司", "contact_email": "a@b.cn", "remarks": "无"}
    known = {"name": "新名称有限公司"}
    assert changed(known, stated) == {"contact_email": "a@b.cn"}


@pytest.mark.parametrize(
    ("entries", "field", "code"),
    [
        ({}, "name", "refresh.empty"),
        ({"contact_phone": "abc"}, "contact_phone", "phone.malformed"),
        ({"contact_email": "a@b"}, "contact_email", "email.malformed"),
        ({"name": "a\u202eb"}, "name", "text.bidi"),
        ({"address": "x" * 301}, "address", "text.too_long"),
    ],
)
def test_what_a_customer_misstates_is_told_by_its_entry(
    entries: dict[str, str], field: str, code: str
) -> None:
    with pytest.raises(FindingsViolation) as refused:
        refreshed(entries)
    assert [(found.field, found.code) for found in refused.value.findings] == [(field, code)]


def test_an_events_difference_names_only_what_differs() -> None:
    found = difference({"owner": "甲", "share": "60"}, {"owner": "乙", "share": "60", "new": "1"})
    told = [(one.field, one.before, one.after) for one in found]
    assert told == [("new", None, "1"), ("owner", "甲", "乙")]
