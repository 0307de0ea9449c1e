"""A sound firm and the shipped card, for the tests of scoring."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from domain.financials.statement import FinancialStatement
from domain.scoring.scorecard import Scorecard
from persistence.scorecards import shipped_scorecard

CARD: Scorecard = shipped_scorecard()
SOUND: Mapping[str, Decimal] = {
    name: Decimal(value)
    for name, value in {
        "cash": 120,
        "receivables": 130,
        "inventory": 90,
        "current_assets": 380,
        "total_assets": 1000,
        "current_liabilities": 160,
        "long_term_debt": 120,
        "total_liabilities": 320,
        "equity": 680,
        "retained_earnings": 400,
        "revenue": 1200,
        "cost_of_sales": 800,
        "depreciation": 30,
        "ebit": 140,
        "interest_expense": 10,
        "net_profit": 95,
        "operating_cash_flow": 110,
    }.items()
}


def statement(year: int | None = 2025, **changed: Decimal | int | None) -> FinancialStatement:
    """The sound firm's year with some lines changed; None leaves one out."""
    lines = {**SOUND, **{name: v for name, v in changed.items() if v is not None}}
    kept = {n: Decimal(v) for n, v in lines.items() if changed.get(n, v) is not None}
    return FinancialStatement(year or 2025, "CNY", kept)
