"""The risk weight of a loan to a firm by the Basel internal-ratings formula."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from math import exp, log, sqrt
from statistics import NormalDist

_NORMAL = NormalDist()
_CONFIDENCE = 0.999
_STEP = Decimal("0.00000001")
_PD_MIN, _PD_MAX = 0.0003, 0.9999


@lru_cache(maxsize=1024)
def risk_weight(pd: Decimal, lgd: Decimal, maturity_years: Decimal) -> Decimal:
    """RW = 12.5 K for a corporate exposure, as a fraction, rounded half up to 8 places.

    Unit: PD and LGD fractions, maturity in years. Range: PD is held at 0.03 % at least.
    Source: BCBS June 2006, par. 272; the table of annex 5 has no factor 1.06, nor has this.
    """
    default = min(max(float(pd), _PD_MIN), _PD_MAX)
    loss, years = float(lgd), float(maturity_years)
    share = (1 - exp(-50 * default)) / (1 - exp(-50))
    correlation = 0.12 * share + 0.24 * (1 - share)
    slope = (0.11852 - 0.05478 * log(default)) ** 2
    stressed = _NORMAL.cdf(
        (_NORMAL.inv_cdf(default) + sqrt(correlation) * _NORMAL.inv_cdf(_CONFIDENCE))
        / sqrt(1 - correlation)
    )
    capital = (loss * stressed - default * loss) * (1 + (years - 2.5) * slope) / (1 - 1.5 * slope)
    return Decimal(12.5 * capital).quantize(_STEP, ROUND_HALF_UP)
