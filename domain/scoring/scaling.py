"""Points to double the odds: a score and the probability it stands for.

score = offset + factor ln(good : bad), factor = PDO / ln 2, offset = base - factor ln(odds).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from math import exp, log

PD_STEP = Decimal("1e-12")


@dataclass(frozen=True, slots=True)
class Scaling:
    """`base` points stand for `odds` good firms to one bad; `pdo` more double the odds."""

    base: int
    odds: int
    pdo: int

    @property
    def factor(self) -> float:
        """Points for one unit of log-odds."""
        return self.pdo / log(2)

    @property
    def offset(self) -> float:
        """Points at even odds."""
        return self.base - self.factor * log(self.odds)

    def score_of(self, pd: float) -> float:
        """The score of a probability between 0 and 1, both left out."""
        return self.offset + self.factor * log((1 - pd) / pd)

    def log_odds_of(self, score: Decimal) -> float:
        """ln(bad : good) a score stands for."""
        return (self.offset - float(score)) / self.factor

    def pd_of(self, score: Decimal) -> Decimal:
        """The probability a score stands for, half-even to 1e-12."""
        pd = 1 / (1 + exp(-self.log_odds_of(score)))
        return Decimal(repr(pd)).quantize(PD_STEP, ROUND_HALF_EVEN)
