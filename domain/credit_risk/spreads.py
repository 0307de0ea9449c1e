"""A rating and default spread guessed from interest cover alone, for a firm nobody has rated.

Source: Damodaran, Ratings, Interest Coverage Ratios and Default Spread, data of January 2024.
Each row holds from its least cover up to the next row's.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.violations import LoanRuleViolation

_PERCENT = Decimal(100)


class FirmSize(StrEnum):
    """Worth more than 5 billion dollars on the market, or smaller and riskier."""

    LARGE = "large"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Spread:
    """An agency's rating and the yearly spread over the riskless rate, a fraction."""

    rating: str
    spread: Decimal


# Least interest cover, rating, spread in percent; best first.
_LARGE = (
    ("8.5", "AAA", "0.59"),
    ("6.5", "AA", "0.7"),
    ("5.5", "A+", "0.92"),
    ("4.25", "A", "1.07"),
    ("3", "A-", "1.21"),
    ("2.5", "BBB", "1.47"),
    ("2.25", "BB+", "1.74"),
    ("2", "BB", "2.21"),
    ("1.75", "B+", "3.14"),
    ("1.5", "B", "3.61"),
    ("1.25", "B-", "5.24"),
    ("0.8", "CCC", "8.51"),
    ("0.65", "CC", "11.78"),
    ("0.2", "C", "17.0"),
    ("-100000", "D", "20.0"),
)
_SMALL = (
    ("12.5", "AAA", "0.59"),
    ("9.5", "AA", "0.7"),
    ("7.5", "A+", "0.92"),
    ("6", "A", "1.07"),
    ("4.5", "A-", "1.21"),
    ("4", "BBB", "1.47"),
    ("3.5", "BB+", "1.74"),
    ("3", "BB", "2.21"),
    ("2.5", "B+", "3.14"),
    ("2", "B", "3.61"),
    ("1.5", "B-", "5.24"),
    ("1.25", "CCC", "8.51"),
    ("0.8", "CC", "11.78"),
    ("0.5", "C", "17.0"),
    ("-100000", "D", "20.0"),
)
_TABLES = {
    size: tuple(
        (Decimal(least), Spread(rating, Decimal(spread) / _PERCENT))
        for least, rating, spread in rows
    )
    for size, rows in ((FirmSize.LARGE, _LARGE), (FirmSize.SMALL, _SMALL))
}


def spread_of_cover(cover: Decimal, size: FirmSize) -> Spread:
    """The row an interest cover falls in. Violations: `figures.range` where it is no number."""
    if not cover.is_finite():
        raise LoanRuleViolation("figures.range")
    table = _TABLES[size]
    return next((spread for least, spread in table if cover >= least), table[-1][1])
