"""What yearly statements say to whoever watches: changes, levels, and how late they are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from domain.financials import FinancialStatement
from domain.watch.facts import days_late, merged, statement_facts

TODAY = date(2026, 5, 1)


def statement(year: int, **lines: str) -> FinancialStatement:
    return FinancialStatement(year, "CNY", {name: Decimal(text) for name, text in lines.items()})


NEW = statement(
    2025,
    revenue="70",
    total_assets="100",
    total_liabilities="60",
    inventory="30",
    cost_of_sales="60",
)
OLD = statement(
    2024,
    revenue="100",
    total_assets="100",
    total_liabilities="50",
    inventory="20",
    cost_of_sales="80",
)


def test_changes_are_against_the_year_before() -> None:
    facts = statement_facts([NEW, OLD], TODAY)
    assert facts.values["revenue_change"] == Decimal("-0.3")
    assert facts.values["leverage"] == Decimal("0.6")
    assert facts.values["leverage_rise"] == Decimal("0.1")
    # 30 x 360 / 60 = 180 days against 20 x 360 / 80 = 90
    assert facts.values["inventory_days_change"] == Decimal(1)
    assert facts.basis["revenue_change"] == "2025"


def test_a_year_left_out_says_nothing_of_changes() -> None:
    facts = statement_facts([NEW, statement(2022, revenue="100")], TODAY)
    assert "revenue_change" not in facts.values
    assert facts.values["leverage"] == Decimal("0.6")


@pytest.mark.parametrize("revenue", ["0", "-5"])
def test_a_base_of_zero_or_below_is_no_base(revenue: str) -> None:
    facts = statement_facts([NEW, statement(2024, revenue=revenue)], TODAY)
    assert "revenue_change" not in facts.values


def test_a_missing_line_is_not_zero() -> None:
    facts = statement_facts([statement(2025, revenue="1"), OLD], TODAY)
    assert set(facts.values) == {"revenue_change", "statement_days_late"}


@pytest.mark.parametrize(
    ("newest", "today", "late"),
    [
        (2025, date(2026, 12, 31), 0),
        (2024, date(2026, 4, 30), 0),
        (2024, date(2026, 5, 1), 1),
        (2023, date(2026, 5, 1), 366),
    ],
)
def test_statements_are_late_from_may(newest: int, today: date, late: int) -> None:
    assert days_late(newest, today) == late


def test_no_statement_is_no_fact_and_later_places_count() -> None:
    assert statement_facts([], TODAY).values == {}
    first, second = statement_facts([NEW], TODAY), statement_facts([OLD], TODAY)
    assert merged(first, second).values["leverage"] == Decimal("0.5")
