"""The capital a corporate loan ties up under the internal-ratings approach of Basel.

Source: Basel Committee, International Convergence (June 2006), paragraphs 272-273 and Annex 5;
Basel III (CRE31, CRE99) for the floor of 0.05 % and an LGD of 40 %. The factor 1.06 of 2006 is
not in the tables and not here.

The formula needs the normal distribution, which has no exact decimal: it is worked out in binary
floats and rounded to 1e-10, far finer than the 0.01 points of the published tables. No amount of
money is held in a float.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from math import exp, log, sqrt
from statistics import NormalDist

from domain.violations import LoanRuleViolation

RISK_WEIGHT_PER_CAPITAL = Decimal("12.5")
PD_FLOOR = Decimal("0.0005")
"""Least probability of default of Basel III; the tables of 2006 begin at 0.0003."""
BASE_MATURITY = Decimal("2.5")
CONFIDENCE = 0.999
SALES_FULL, SALES_LEAST = Decimal(50), Decimal(5)
"""Yearly sales, million EUR, between which a smaller firm's correlation is reduced."""

_STEP = Decimal("1e-10")
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class CapitalRequirement:
    """Fractions of the exposure: `capital` is K, `risk_weight` 12.5 K; `pd` after the floor."""

    pd: Decimal
    correlation: Decimal
    capital: Decimal
    risk_weight: Decimal


def capital_requirement(
    pd: Decimal,
    lgd: Decimal,
    maturity_years: Decimal = BASE_MATURITY,
    sales_eur_m: Decimal | None = None,
    floor: Decimal = PD_FLOOR,
) -> CapitalRequirement:
    """K and the risk weight of a loan that is not in default. Rounding: half-even to 1e-10.

    `sales_eur_m` below 50 reduces the correlation of a small firm, at 5 and below in full.
    Violations: `figures.range` for a PD at or beyond 0 and 1, an LGD outside 0 to 1, a maturity
    outside 1 to 5 years, negative sales.
    """
    _check(pd, lgd, maturity_years, sales_eur_m)
    floored = max(pd, floor)
    default, loss = float(floored), float(lgd)
    correlation = _correlation(default) - _small_firm(sales_eur_m)
    stressed = _NORMAL.cdf(
        _NORMAL.inv_cdf(default) / sqrt(1 - correlation)
        + sqrt(correlation / (1 - correlation)) * _NORMAL.inv_cdf(CONFIDENCE)
    )
    slope = (0.11852 - 0.05478 * log(default)) ** 2
    longer = (1 + (float(maturity_years) - 2.5) * slope) / (1 - 1.5 * slope)
    capital = _rounded(max((loss * stressed - default * loss) * longer, 0.0))
    weight = RISK_WEIGHT_PER_CAPITAL * capital
    return CapitalRequirement(floored, _rounded(correlation), capital, weight)


def _correlation(pd: float) -> float:
    """0.24 for the best firms, falling to 0.12 for the worst."""
    share = (1 - exp(-50 * pd)) / (1 - exp(-50))
    return 0.12 * share + 0.24 * (1 - share)


def _small_firm(sales_eur_m: Decimal | None) -> float:
    if sales_eur_m is None or sales_eur_m >= SALES_FULL:
        return 0.0
    sales = max(sales_eur_m, SALES_LEAST)
    return float(Decimal("0.04") * (1 - (sales - SALES_LEAST) / (SALES_FULL - SALES_LEAST)))


def _check(pd: Decimal, lgd: Decimal, maturity: Decimal, sales: Decimal | None) -> None:
    sensible = 0 < pd < 1 and 0 <= lgd <= 1 and 1 <= maturity <= 5
    if not sensible or (sales is not None and sales < 0):
        raise LoanRuleViolation("figures.range")


def _rounded(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(_STEP, ROUND_HALF_EVEN)
