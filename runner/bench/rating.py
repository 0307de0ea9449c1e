"""How fast firms are rated: ten thousand in one run, on two years each, with every algorithm."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from time import perf_counter

import psutil  # type: ignore[import-untyped]  # it ships no types

from domain.financials.statement import FinancialStatement
from domain.scoring.rating import Rating, RatingFacts, rate_firm
from persistence.scorecards import shipped_rating_method, shipped_scorecard

FIRMS = 10_000
_YEARS = (2025, 2024)
_SOUND = {
    "receivables": 130,
    "inventory": 90,
    "current_assets": 380,
    "total_assets": 1000,
    "current_liabilities": 160,
    "long_term_debt": 120,
    "retained_earnings": 400,
    "revenue": 1200,
    "cost_of_sales": 800,
    "depreciation": 30,
    "interest_expense": 10,
    "operating_cash_flow": 110,
}


@dataclass(frozen=True)
class RatingCost:
    """One run over all firms; bytes are the whole process with firms and ratings in memory."""

    firms: int
    seconds: float
    rated: int
    process_bytes: int

    def rows(self) -> Iterator[tuple[str, str]]:
        """The figures for a person."""
        yield f"{self.firms:,} firms rated in one run, seconds", f"{self.seconds:.2f}"
        yield "Firms rated per second", f"{self.firms / self.seconds:,.0f}"
        yield "Of them given a grade", f"{self.rated:,}"
        yield "Memory with firms and ratings, MB", f"{self.process_bytes / 1e6:.0f}"


def measure_rating(firms: int = FIRMS) -> RatingCost:
    """Rate firms of many shapes in this process; reading the card is not in the time."""
    method, card, facts = shipped_rating_method(), shipped_scorecard(), RatingFacts()
    book = [[_statement(firm, year) for year in _YEARS] for firm in range(firms)]
    started = perf_counter()
    ratings: list[Rating] = [rate_firm(method, card, years, facts) for years in book]
    seconds = perf_counter() - started
    held = psutil.Process(os.getpid()).memory_info().rss
    return RatingCost(firms, seconds, sum(r.grade is not None for r in ratings), held)


def _statement(firm: int, year: int) -> FinancialStatement:
    """A firm of its own shape: debt, profit and size follow from its number, with no chance."""
    size, debt, profit = 1 + firm % 89, 200 + firm * 7 % 900, firm * 13 % 340 - 170
    amounts = _SOUND | {
        "total_liabilities": max(debt, 280),
        "equity": 1000 - max(debt, 280),
        "ebit": profit + 40,
        "net_profit": profit + year % 2,
    }
    return FinancialStatement(year, "CNY", {n: Decimal(v * size) for n, v in amounts.items()})
