"""Default probability over time, from the two points each grade has: one year and ten.

Source of the points: the master scales. Between them the intensity of default is constant: the
first year has the one that gives the yearly rate, each later year the one that leads from there to
the ten-year rate, and none is below 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from domain.scoring.grades import DEFAULTED, LIFETIME_SCALE, ONE_YEAR_SCALE

MONTHS_OF_YEAR = 12
_LAST = LIFETIME_SCALE.horizon_months
_LEAST = Decimal("0.00000001")  # of survival: whoever is certain to default has no logarithm


@dataclass(frozen=True, slots=True)
class Survival:
    """Intensity of default a month in the first year and after it."""

    first: Decimal
    later: Decimal

    def alive(self, months: int) -> Decimal:
        """The probability not to have defaulted within so many months. Range: 0 to 1."""
        return _alive(self, months)

    def defaulting(self, month: int) -> Decimal:
        """The probability, seen from today, to default in the month that ends then (1, 2, ...)."""
        return self.alive(month - 1) - self.alive(month)


@lru_cache(maxsize=100_000)
def _alive(of: Survival, months: int) -> Decimal:
    early = min(months, MONTHS_OF_YEAR)
    return (-(of.first * early + of.later * (months - early))).exp()


@lru_cache(maxsize=100_000)
def survival_of(grade: str, one_year_pd: Decimal | None = None) -> Survival:
    """The curve of a grade; `one_year_pd`, where a rating states its own, moves it as a whole.

    Range of the probability: 0 to 1. Rounding: none.
    """
    scale = ONE_YEAR_SCALE.pd_of(grade)
    first = _intensity(scale) / MONTHS_OF_YEAR
    left = _intensity(LIFETIME_SCALE.pd_of(grade)) - first * MONTHS_OF_YEAR
    later = max(left / (_LAST - MONTHS_OF_YEAR), Decimal(0))
    if one_year_pd is None or grade == DEFAULTED or not first:
        return Survival(first, later)
    moved = _intensity(one_year_pd) / MONTHS_OF_YEAR / first
    return Survival(first * moved, later * moved)


def _intensity(probability: Decimal) -> Decimal:
    """The sum of intensity over a time in which so many default."""
    return -max(1 - probability, _LEAST).ln()
