"""The bank's grades, from best to worst, and the probability of default each stands for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

GRADES = ("AAA", "AA", "A", "BBB", "B", "C", "D")
DEFAULTED = "D"


@dataclass(frozen=True, slots=True)
class MasterScale:
    """One version of the scale: `pds` are (grade, probability of default) from best to worst.

    Probabilities are fractions of 1 over `horizon_months`.
    """

    version: str
    horizon_months: int
    pds: tuple[tuple[str, Decimal], ...]

    def pd_of(self, grade: str) -> Decimal:
        """The probability of default a grade stands for."""
        return dict(self.pds)[grade]

    def grade_of(self, pd: Decimal) -> str:
        """The best grade whose probability is not below `pd`.

        A model never says D: D is a default that happened, so the worst it gives is C.
        """
        alive = [grade for grade, _ in self.pds if grade != DEFAULTED]
        fitting = (grade for grade, limit in self.pds if grade != DEFAULTED and pd <= limit)
        return next(fitting, alive[-1])


# Source: Moody's average one-year default rates 1920-2009 (Aa, A, Baa, B, Caa-C). AAA stands at
# the Basel III floor of 0.05 %, as no Aaa default was observed. The scale has no BB: its firms
# fall under B and carry B's rate, the careful choice.
ONE_YEAR_SCALE = MasterScale(
    version="one-year-2026.1",
    horizon_months=12,
    pds=(
        ("AAA", Decimal("0.0005")),
        ("AA", Decimal("0.0007")),
        ("A", Decimal("0.0009")),
        ("BBB", Decimal("0.0029")),
        ("B", Decimal("0.0403")),
        ("C", Decimal("0.1428")),
        ("D", Decimal(1)),
    ),
)

# A model of default over the whole life of a loan is read on ten-year rates, never on yearly ones.
# Source: Moody's cumulative ten-year default rates 1920-2009.
LIFETIME_SCALE = MasterScale(
    version="lifetime-2026.1",
    horizon_months=120,
    pds=(
        ("AAA", Decimal("0.0085")),
        ("AA", Decimal("0.0222")),
        ("A", Decimal("0.0330")),
        ("BBB", Decimal("0.0721")),
        ("B", Decimal("0.3637")),
        ("C", Decimal("0.5280")),
        ("D", Decimal(1)),
    ),
)
