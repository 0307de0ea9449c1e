"""Statements of a plain firm that hold together, for tests to bend."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from domain.financials import FinancialStatement

SOUND: Mapping[str, int] = {
    "cash": 100,
    "receivables": 300,
    "prepayments": 20,
    "inventory": 180,
    "current_assets": 650,
    "fixed_assets": 300,
    "total_assets": 1000,
    "short_term_debt": 150,
    "payables": 120,
    "advances_received": 10,
    "current_liabilities": 320,
    "long_term_debt": 130,
    "total_liabilities": 480,
    "equity": 520,
    "retained_earnings": 270,
    "revenue": 1200,
    "cost_of_sales": 840,
    "operating_expenses": 240,
    "depreciation": 40,
    "ebit": 120,
    "interest_expense": 20,
    "tax": 25,
    "net_profit": 75,
    "operating_cash_flow": 90,
    "investing_cash_flow": -60,
    "financing_cash_flow": -10,
}


def sound(
    year: int = 2025,
    changed: Mapping[str, str] | None = None,
    without: tuple[str, ...] = (),
) -> FinancialStatement:
    """A year that no check objects to, in thousands; `changed` lines replace its own."""
    lines = {name: Decimal(amount * 1000) for name, amount in SOUND.items()}
    lines |= {name: Decimal(amount) for name, amount in (changed or {}).items()}
    for name in without:
        del lines[name]
    return FinancialStatement(year=year, currency="CNY", lines=lines, audited=True)


def three_years() -> tuple[FinancialStatement, ...]:
    """Three years that roll forward: cash and retained earnings follow flows and profit."""
    return (
        sound(2023, {"cash": "60000", "retained_earnings": "140000"}),
        sound(2024, {"cash": "80000", "retained_earnings": "205000"}),
        sound(2025),
    )
