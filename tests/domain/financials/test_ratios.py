"""Ratios: recomputed by hand, on averages where the year before is known, else with a reason."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.financials import LINES, FinancialStatement
from domain.financials.ratios import RATIOS, Ratio, Reason, ratios_of
from tests.domain.financials.firms import sound


def by_name(
    statement: FinancialStatement, earlier: FinancialStatement | None = None
) -> dict[str, Ratio]:
    return {ratio.name: ratio for ratio in ratios_of(statement, earlier)}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("current_ratio", "2.0313"),
        ("quick_ratio", "1.4063"),
        ("debt_to_assets", "0.4800"),
        ("debt_to_equity", "0.9231"),
        ("interest_cover", "6.0000"),
        ("cash_to_debt", "0.3214"),
        ("gross_margin", "0.3000"),
        ("operating_margin", "0.1000"),
        ("net_margin", "0.0625"),
        ("return_on_assets", "0.0750"),
        ("return_on_equity", "0.1442"),
        ("inventory_days", "77.1"),
        ("receivable_days", "90.0"),
        ("payable_days", "51.4"),
    ],
)
def test_a_year_by_itself(name: str, value: str) -> None:
    ratio = by_name(sound())[name]
    assert (ratio.value, ratio.averaged) == (Decimal(value), False)


def test_a_year_before_gives_averages_and_growth() -> None:
    before = sound(2024, {"receivables": "200000", "revenue": "1000000", "total_assets": "500000"})
    found = by_name(sound(), before)
    assert (found["receivable_days"].value, found["receivable_days"].averaged) == (
        Decimal(75),
        True,
    )
    assert found["return_on_assets"].value == Decimal("0.1000")
    assert found["revenue_growth"].value == Decimal("0.2000")
    assert found["asset_growth"].value == Decimal("1.0000")


@pytest.mark.parametrize(
    ("changed", "without", "name", "reason", "lines"),
    [
        ({}, ("inventory",), "quick_ratio", Reason.LINE_MISSING, ("inventory",)),
        ({"interest_expense": "0"}, (), "interest_cover", Reason.BASE_ZERO, ("interest_expense",)),
        ({"equity": "-5"}, (), "debt_to_equity", Reason.BASE_NEGATIVE, ("equity",)),
        ({}, (), "revenue_growth", Reason.YEAR_MISSING, ("2024",)),
    ],
)
def test_what_cannot_be_had_says_why(
    changed: dict[str, str],
    without: tuple[str, ...],
    name: str,
    reason: Reason,
    lines: tuple[str, ...],
) -> None:
    ratio = by_name(sound(changed=changed, without=without))[name]
    assert (ratio.value, ratio.reason, ratio.lines) == (None, reason, lines)


def test_a_year_that_is_not_the_one_before_or_in_another_currency_is_left_aside() -> None:
    alone = ratios_of(sound())
    assert ratios_of(sound(), sound(2023)) == alone
    assert ratios_of(sound(), replace(sound(2024), currency="USD")) == alone


@given(
    st.dictionaries(
        st.sampled_from([line.name for line in LINES]),
        st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False),
    )
)
def test_each_ratio_has_a_value_or_a_reason(lines: dict[str, Decimal]) -> None:
    statement = FinancialStatement(2025, "CNY", lines)
    found = ratios_of(statement, replace(statement, year=2024))
    assert tuple(ratio.name for ratio in found) == RATIOS
    assert all((ratio.value is None) is (ratio.reason is not None) for ratio in found)
