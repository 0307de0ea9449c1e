"""Declared values beside what the sources say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.verification import (
    MATRIX,
    Match,
    SourceFacts,
    SourceStatus,
    compare,
    mismatches,
    relative_difference,
)

DECLARED: dict[str, object] = {
    "name": "北京远山科技有限公司",
    "legal_representative": "王建国",
    "established_on": date(2015, 6, 1),
    "revenue": Decimal("1000000.00"),
    "net_profit": Decimal("50000.00"),
}


def answer(source: str, **facts: str | None) -> dict[str, SourceFacts]:
    return {source: SourceFacts(source, SourceStatus.ANSWERED, date(2026, 3, 2), facts)}


def verdicts(declared: dict[str, object], reports: dict[str, SourceFacts]) -> dict[str, Match]:
    return {cell.field: cell.verdict for cell in compare(declared, reports)}


def test_the_registry_confirms_names_however_they_are_spaced() -> None:
    reports = answer(
        "registry",
        name="北京远山科技有限公司 ",
        legal_representative="王 建国",
        established_on="2015-06-01",
    )
    assert set(verdicts(DECLARED, reports).values()) == {Match.MATCH}


def test_another_legal_representative_and_another_day_are_mismatches() -> None:
    reports = answer(
        "registry",
        name="北京远山科技有限公司",
        legal_representative="李海燕",
        established_on="2015-06-02",
    )
    cells = compare(DECLARED, reports)
    assert mismatches(cells) == 2


@pytest.mark.parametrize(
    ("source", "fact", "found", "verdict", "difference"),
    [
        ("tax", "revenue", "850000.00", Match.MATCH, "0.15"),
        ("tax", "revenue", "849999.99", Match.MISMATCH, "0.15"),
        ("tax", "revenue", "1150000.00", Match.MATCH, "0.15"),
        ("tax", "revenue", "1200000.00", Match.MISMATCH, "0.2"),
        ("bank_flow", "inflow_12m", "700000.00", Match.MATCH, "0.3"),
        ("bank_flow", "inflow_12m", "690000.00", Match.MISMATCH, "0.31"),
    ],
)
def test_revenue_is_held_to_its_tolerance(
    source: str, fact: str, found: str, verdict: Match, difference: str
) -> None:
    cell = next(c for c in compare(DECLARED, answer(source, **{fact: found})) if c.found)
    assert cell.verdict is verdict
    assert cell.difference == Decimal(difference)


@pytest.mark.parametrize(
    ("declared", "found", "verdict"),
    [
        ("1", "99999", Match.MATCH),
        ("0", "1", Match.MATCH),
        ("1", "-1", Match.MISMATCH),
        ("-1", "0", Match.MISMATCH),
        ("-1", "-7", Match.MATCH),
    ],
)
def test_profit_is_compared_by_its_sign(declared: str, found: str, verdict: Match) -> None:
    facts = {**DECLARED, "net_profit": Decimal(declared)}
    assert verdicts(facts, answer("tax", net_profit=found))["net_profit"] is verdict


@pytest.mark.parametrize("status", [SourceStatus.PENDING, SourceStatus.REFUSED])
def test_a_source_that_has_not_answered_is_pending_and_no_mismatch(status: SourceStatus) -> None:
    cells = compare(DECLARED, {"tax": SourceFacts("tax", status)})
    assert {cell.verdict for cell in cells} == {Match.PENDING}
    assert mismatches(cells) == 0


@pytest.mark.parametrize("found", [None, "", "about a million"])
def test_what_a_source_does_not_know_is_not_compared(found: str | None) -> None:
    assert verdicts(DECLARED, answer("tax", revenue=found))["revenue"] is Match.NOT_COMPARABLE


def test_what_was_not_declared_is_not_compared() -> None:
    facts = {**DECLARED, "revenue": None}
    assert verdicts(facts, answer("tax", revenue="5.00"))["revenue"] is Match.NOT_COMPARABLE


def test_a_source_that_was_never_asked_has_no_cell() -> None:
    assert compare(DECLARED, {}) == ()


def test_each_cell_of_the_matrix_is_there_once() -> None:
    assert len({(cell.field, cell.source) for cell in MATRIX}) == len(MATRIX)


AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


@given(AMOUNTS, AMOUNTS)
def test_a_difference_is_zero_only_for_equal_figures(declared: Decimal, found: Decimal) -> None:
    difference = relative_difference(declared, found)
    assert difference >= 0
    assert (difference == 0) == (declared == found)
