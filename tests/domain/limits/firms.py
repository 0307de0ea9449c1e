"""Firms and cases for the tests of limits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from domain.financials.statement import FinancialStatement
from domain.limits import Ask, LimitCase, LimitTerms, terms_from_data
from domain.money import Currency
from domain.scoring import ONE_YEAR_SCALE

SHIPPED = Path(__file__).parents[3] / "persistence/seed/limits/grade_terms.json"
D = Decimal
LINES = {
    "cash": D(6_000_000),
    "receivables": D(25_000_000),
    "prepayments": D(5_000_000),
    "inventory": D(20_000_000),
    "current_assets": D(60_000_000),
    "total_assets": D(130_000_000),
    "short_term_debt": D(8_000_000),
    "payables": D(15_000_000),
    "advances_received": D(3_000_000),
    "current_liabilities": D(45_000_000),
    "long_term_debt": D(10_000_000),
    "total_liabilities": D(60_000_000),
    "equity": D(70_000_000),
    "retained_earnings": D(30_000_000),
    "revenue": D(120_000_000),
    "cost_of_sales": D(95_000_000),
    "depreciation": D(4_000_000),
    "ebit": D(14_000_000),
    "interest_expense": D(1_500_000),
    "tax": D(3_000_000),
    "net_profit": D(9_500_000),
}


def shipped_data() -> dict[str, Any]:
    """The table as it is shipped, fresh for each reader."""
    data: dict[str, Any] = json.loads(SHIPPED.read_text())
    return data


def shipped_terms() -> LimitTerms:
    return terms_from_data(shipped_data())


def statement(
    year: int = 2025, *, without: tuple[str, ...] = (), **changes: Decimal
) -> FinancialStatement:
    """A year of a sound firm, with changes and without some lines."""
    lines: Mapping[str, Decimal] = {**LINES, **changes}
    kept = {name: value for name, value in lines.items() if name not in without}
    return FinancialStatement(year, "CNY", kept, audited=True)


def case(grade: str = "AA", **changes: Any) -> LimitCase:
    """A firm with two years of statements that asks for 30 million for a year."""
    before = statement(2024, revenue=D(110_000_000), inventory=D(18_000_000))
    made = LimitCase(
        grade=grade,
        pd=ONE_YEAR_SCALE.pd_of(grade),
        currency=Currency.CNY,
        statements=(before, statement()),
        ask=Ask(D(30_000_000), 12),
        base_rate=D("0.03"),
        product_max=D(500_000_000),
        product_tenor_max=36,
    )
    return replace(made, **changes)
