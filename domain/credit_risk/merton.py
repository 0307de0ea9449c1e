"""Merton's model: equity is a call on the firm's assets, default is assets below debt.

Source: Merton (1974), Journal of Finance 29(2); the two equations as in Hull, Options, Futures
and Other Derivatives: E = V N(d1) - D e^(-rT) N(d2), sigma_E E = N(d1) sigma_V V.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from math import exp, log, sqrt
from statistics import NormalDist

from domain.violations import LoanRuleViolation

ROUNDS_MAX = 500
"""Rounds of the fixed point; firms near insolvency need some tens."""
_CLOSE = 1e-13
_STEP = Decimal("1e-10")
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Merton:
    """`assets` in the unit of equity and debt; `volatility` a yearly fraction; `pd` over T."""

    assets: Decimal
    volatility: Decimal
    d1: Decimal
    d2: Decimal
    pd: Decimal


def merton(
    equity: Decimal, equity_volatility: Decimal, debt: Decimal, yearly: Decimal, years: Decimal
) -> Merton:
    """Solve for the worth and volatility of the assets. `yearly`: riskless, continuous.

    The equations have no closed form: they are solved in binary floats and rounded to 1e-10.
    Violations: `figures.range` where equity, volatility, debt or years are not above zero or no
    solution is reached.
    """
    if min(equity, equity_volatility, debt, years) <= 0:
        raise LoanRuleViolation("figures.range")
    own, wobble, owed, span = map(float, (equity, equity_volatility, debt, years))
    owed *= exp(-float(yearly) * span)
    sigma = wobble * own / (own + owed)
    for _ in range(ROUNDS_MAX):
        assets = _assets(own, owed, sigma, span)
        d1 = _d1(assets, owed, sigma, span)
        again = wobble * own / (assets * _NORMAL.cdf(d1))
        if abs(again - sigma) < _CLOSE:
            d2 = d1 - sigma * sqrt(span)
            return Merton(*map(_rounded, (assets, sigma, d1, d2, _NORMAL.cdf(-d2))))
        sigma = again
    raise LoanRuleViolation("figures.range")


def _assets(equity: float, owed: float, sigma: float, span: float) -> float:
    """The assets that make the call worth the equity, between equity and equity plus debt."""
    low, high = equity, equity + owed
    for _ in range(200):
        middle = (low + high) / 2
        d1 = _d1(middle, owed, sigma, span)
        call = middle * _NORMAL.cdf(d1) - owed * _NORMAL.cdf(d1 - sigma * sqrt(span))
        low, high = (middle, high) if call < equity else (low, middle)
    return (low + high) / 2


def _d1(assets: float, owed: float, sigma: float, span: float) -> float:
    """`owed` is the debt's worth today, so that no rate is left in the expression."""
    return (log(assets / owed) + sigma * sigma * span / 2) / (sigma * sqrt(span))


def _rounded(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(_STEP, ROUND_HALF_EVEN)
