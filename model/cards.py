"""The cards that are fitted: which ratios they read, and which of those must be known.

The champion's ratios were chosen step by step, forward and back, by the mean of two areas: of
cross-validation by firm on the training part, and of 2012-14. The challenger reads the textbook's
ratios instead, so that the two do not fail together.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Plan:
    """One card to fit."""

    id: str
    version: str
    ratios: tuple[str, ...]
    core: frozenset[str]
    gaps_max: int


CORE = frozenset({"net_profit_to_assets", "liabilities_to_assets"})

CHAMPION = Plan(
    id="us_listed_1",
    version="us-listed-2026.1",
    ratios=(
        "net_profit_to_assets",
        "liabilities_to_assets",
        "current_assets_to_assets",
        "quick_assets_to_assets",
        "inventory_to_assets",
        "inventory_to_current_liabilities",
        "receivables_to_assets",
        "depreciation_to_assets",
        "gross_profit_to_assets",
        "ebit_to_liabilities",
        "net_margin",
    ),
    core=CORE,
    gaps_max=4,
)
CHALLENGER = Plan(
    id="us_listed_textbook_1",
    version="us-listed-textbook-2026.1",
    ratios=(
        "net_profit_to_assets",
        "liabilities_to_assets",
        "retained_earnings_to_assets",
        "ebit_to_assets",
        "ebitda_to_liabilities",
        "net_margin",
        "gross_margin",
        "working_capital_to_assets",
        "current_ratio",
        "quick_ratio",
        "long_term_debt_to_assets",
        "revenue_to_assets",
        "revenue_to_current_liabilities",
        "depreciation_to_assets",
    ),
    core=CORE,
    gaps_max=5,
)
PLANS = (CHAMPION, CHALLENGER)

SCALE_VERSION = "listed-one-year-2026.1"
# Grade and its highest probability of default over a year; a further step multiplies by about 2.5.
GRADES: tuple[tuple[str, Decimal], ...] = (
    ("AAA", Decimal("0.001")),
    ("AA", Decimal("0.0025")),
    ("A", Decimal("0.006")),
    ("BBB", Decimal("0.015")),
    ("B", Decimal("0.04")),
    ("C", Decimal("0.99")),
)
