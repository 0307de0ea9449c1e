"""Each signal of the catalogue fires at its threshold, not before it; a gap is never green."""

from __future__ import annotations

import copy
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import persistence
from domain.violations import LoanRuleViolation
from domain.watch.facts import FACTS, FactKind, FactValue, WatchFacts
from domain.watch.signals import (
    Assessment,
    Colour,
    Reading,
    SignalCatalogue,
    assess,
    catalogue_from_data,
)

SEED = Path(persistence.__file__).parent / "seed" / "watch" / "signals.json"


def data() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SEED.read_text("utf-8"))["versions"][0]
    return found


def catalogue() -> SignalCatalogue:
    return catalogue_from_data(data())


def read(signal_id: str, **values: FactValue) -> Reading:
    readings = assess(catalogue(), WatchFacts(values))
    return next(one for one in readings if one.signal.id == signal_id)


FLAGS = {
    "bankruptcy": ("bankruptcy", Colour.RED),
    "account_frozen": ("account_frozen", Colour.RED),
    "controller_missing": ("controller_missing", Colour.RED),
    "false_material": ("false_material", Colour.RED),
    "misuse": ("misuse", Colour.RED),
    "control_change": ("control_change", Colour.ORANGE),
    "covenant_breach": ("covenant_breached", Colour.ORANGE),
    "particulars_changed": ("particulars_changed", Colour.YELLOW),
    "guarantor_weakened": ("guarantor_weakened", Colour.YELLOW),
}
THRESHOLDS = [
    # signal, colour, fact, values that fire, values that do not
    ("overdue_over_30", "red", "days_past_due", ("31", "90"), ("0", "30")),
    ("bad_class", "red", "class_rank", ("3", "5"), ("1", "2")),
    ("overdue_8_to_30", "orange", "days_past_due", ("8", "30"), ("7", "31")),
    ("lawsuit", "orange", "lawsuit_to_net_worth", ("0.1001",), ("0.10", "0")),
    ("rating_down_two", "orange", "notches_down", ("2", "3"), ("1", "0", "-2")),
    ("other_bank_overdue", "orange", "overdue_elsewhere", ("1",), ("0",)),
    ("overdue_1_to_7", "yellow", "days_past_due", ("1", "7"), ("0", "8")),
    ("revenue_fall", "yellow", "revenue_change", ("-0.30", "-0.9"), ("-0.2999", "0.4")),
    ("tax_arrears", "yellow", "tax_arrears", ("0.01",), ("0",)),
    ("inventory_slow", "yellow", "inventory_days_change", ("0.50",), ("0.4999",)),
    ("ltv_over_cap", "yellow", "ltv_over_cap", ("0.0001",), ("0", "-0.1")),
    ("paper_expiring", "blue", "days_to_expiry", ("60", "0", "-3"), ("61",)),
    ("statement_late", "blue", "statement_days_late", ("1",), ("0",)),
    ("limit_use_high", "blue", "limit_use", ("0.9501",), ("0.95",)),
    ("one_large_buyer", "blue", "largest_buyer_share", ("0.5001",), ("0.50",)),
]


@pytest.mark.parametrize(("signal", "colour", "fact", "fire", "still"), THRESHOLDS)
def test_a_signal_fires_at_its_threshold_and_not_beside_it(
    signal: str, colour: str, fact: str, fire: tuple[str, ...], still: tuple[str, ...]
) -> None:
    for value in fire:
        found = read(signal, **{fact: Decimal(value)})
        assert (found.result, found.signal.colour) == (Assessment.FIRES, colour), value
        assert found.fired_on == {fact: Decimal(value)}
    for value in still:
        assert read(signal, **{fact: Decimal(value)}).result is Assessment.CLEAR, value


@pytest.mark.parametrize("signal", FLAGS)
def test_a_flag_fires_when_it_is_so(signal: str) -> None:
    fact, colour = FLAGS[signal]
    found = read(signal, **{fact: True})
    assert (found.result, found.signal.colour) == (Assessment.FIRES, colour)
    assert read(signal, **{fact: False}).result is Assessment.CLEAR


@pytest.mark.parametrize(
    ("facts", "result"),
    [
        ({"leverage": "0.7501", "leverage_rise": "0"}, Assessment.FIRES),
        ({"leverage": "0.40", "leverage_rise": "0.10"}, Assessment.FIRES),
        ({"leverage": "0.75", "leverage_rise": "0.0999"}, Assessment.CLEAR),
        ({"leverage": "0.80"}, Assessment.FIRES),
        ({"leverage": "0.40"}, Assessment.NOT_ASSESSABLE),
        ({}, Assessment.NOT_ASSESSABLE),
    ],
)
def test_either_half_of_leverage_is_enough_and_half_a_picture_is_not_clear(
    facts: dict[str, str], result: Assessment
) -> None:
    known: dict[str, FactValue] = {name: Decimal(text) for name, text in facts.items()}
    assert read("leverage_high", **known).result is result


def test_without_facts_nothing_is_green() -> None:
    readings = assess(catalogue(), WatchFacts())
    assert {one.result for one in readings} == {Assessment.NOT_ASSESSABLE}
    assert all(one.missing for one in readings)


def test_the_table_above_leaves_no_signal_out() -> None:
    tested = {row[0] for row in THRESHOLDS} | set(FLAGS) | {"leverage_high"}
    assert {signal.id for signal in catalogue().signals} == tested


def test_working_days_follow_the_colour_and_only_red_freezes() -> None:
    days = {Colour.RED: 1, Colour.ORANGE: 3, Colour.YELLOW: 5, Colour.BLUE: 10}
    for signal in catalogue().signals:
        assert signal.working_days == days[signal.colour], signal.id
        assert signal.freezes_undrawn == (signal.colour is Colour.RED), signal.id


def test_the_basis_names_what_the_signal_rests_on() -> None:
    facts = WatchFacts({"revenue_change": Decimal("-0.5")}, {"revenue_change": "2025"})
    found = next(o for o in assess(catalogue(), facts) if o.signal.id == "revenue_fall")
    assert found.basis == "revenue_change:2025"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d["signals"][0].update(colour="pink"),
        lambda d: d["signals"][0].update(any=[]),
        lambda d: d["signals"][0].update(any=[{"fact": "days_past_due"}]),
        lambda d: d["signals"][0].update(any=[{"fact": "days_past_due", "is": True}]),
        lambda d: d["signals"][0].update(any=[{"fact": "bankruptcy", "above": "1"}]),
        lambda d: d["signals"][0].update(any=[{"fact": "moon", "above": "1"}]),
        lambda d: d["signals"][0].update(any=[{"fact": "leverage", "above": 1}]),
        lambda d: d["signals"][0].update(working_days=0),
        lambda d: d["signals"][0].update(owner="nobody"),
        lambda d: d["signals"].append(d["signals"][0]),
        lambda d: d.update(signals=[]),
    ],
)
def test_a_table_that_is_half_right_is_refused_whole(spoil: Any) -> None:
    spoilt = copy.deepcopy(data())
    spoil(spoilt)
    with pytest.raises(LoanRuleViolation, match=r"watch\.malformed"):
        catalogue_from_data(spoilt)


def test_every_fact_is_of_a_kind_and_the_version_is_dated() -> None:
    assert set(FACTS.values()) == set(FactKind)
    assert catalogue().effective_on == date(2026, 1, 1)
