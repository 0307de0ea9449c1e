"""The rate, line by line: funding, cost, expected loss, capital, margin; floor and ceiling.

Rates are yearly fractions, exact until the contract rate is rounded half up to 0.01 bp.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from domain.credit_risk import risk_price
from domain.credit_risk.capital import PD_FLOOR
from domain.limits.case import LimitCase
from domain.limits.terms import GradeTerms, LimitTerms

BASIS_POINT = Decimal("0.0001")
_STEP = Decimal("0.000001")
_PD_MOST = Decimal("0.9999")
_MATURITY_MIN, _MATURITY_MAX = Decimal(1), Decimal(5)


class RatePart(StrEnum):
    """The parts of a price, in the order they add up."""

    FUNDING = "funding"
    OPERATING = "operating"
    EXPECTED_LOSS = "expected_loss"
    CAPITAL = "capital"
    MARGIN = "margin"


class Bound(StrEnum):
    """What held the price: nothing, the grade's floor or its ceiling."""

    NONE = "none"
    FLOOR = "floor"
    CEILING = "ceiling"


@dataclass(frozen=True, slots=True)
class RateLine:
    """One part of the price and the figures it was made of."""

    part: RatePart
    rate: Decimal
    inputs: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class RateSheet:
    """The price. `cost` is the parts' sum, `rate` what is left of it between floor and ceiling.

    `short_of_cost` is what a ceiling takes from the cost: above 0 the loan does not earn what it
    costs, which a person must know.
    """

    lines: tuple[RateLine, ...]
    cost: Decimal
    floor: Decimal
    ceiling: Decimal
    rate: Decimal
    bound: Bound

    @property
    def short_of_cost(self) -> Decimal:
        """By how much the rate stays below the cost; 0 where it does not."""
        return max(self.cost - self.rate, Decimal(0))


def price_parts(
    *,
    funding: Decimal,
    operating: Decimal,
    pd: Decimal,
    lgd: Decimal,
    maturity_years: Decimal,
    capital_ratio: Decimal,
    hurdle: Decimal,
) -> tuple[RateLine, ...]:
    """The parts of a risk price as lines of a sheet. Violations: those of `risk_price`."""
    price = risk_price(
        funding=funding,
        operating=operating,
        pd=pd,
        lgd=lgd,
        maturity_years=maturity_years,
        capital_ratio=capital_ratio,
        hurdle=hurdle,
    )
    charged = (
        ("risk_weight", price.risk_weight),
        ("capital_ratio", capital_ratio),
        ("hurdle", hurdle),
        ("maturity_years", maturity_years),
    )
    return (
        RateLine(RatePart.FUNDING, price.funding, (("base_rate", funding),)),
        RateLine(RatePart.OPERATING, price.operating, (("operating_cost", operating),)),
        RateLine(RatePart.EXPECTED_LOSS, price.expected_loss, (("pd", pd), ("lgd", lgd))),
        RateLine(RatePart.CAPITAL, price.capital_charge, charged),
    )


def derive_rate(
    case: LimitCase, terms: LimitTerms, grade: GradeTerms, tenor_months: int
) -> RateSheet:
    """The rate of a case at its grade, for the tenor it may have.

    The probability of default is held between 0.05 % and 99.99 %, a base rate at 0 or above.
    """
    bank = terms.bank
    years = min(max(Decimal(tenor_months) / 12, _MATURITY_MIN), _MATURITY_MAX)
    parts = price_parts(
        funding=max(case.base_rate, Decimal(0)),
        operating=bank.operating_cost,
        pd=min(max(case.pd, PD_FLOOR), _PD_MOST),
        lgd=loss_given_default(case, terms),
        maturity_years=years,
        capital_ratio=bank.capital_ratio,
        hurdle=bank.hurdle,
    )
    target = grade.margin_target_bp * BASIS_POINT
    margin = RateLine(RatePart.MARGIN, target, (("margin_target", target),))
    lines = (*parts, margin)
    cost = sum((line.rate for line in lines), Decimal(0))
    return _bounded(lines, cost, case.base_rate, grade)


def loss_given_default(case: LimitCase, terms: LimitTerms) -> Decimal:
    """LGD (违约损失率): the secured one on the part of the ask that collateral covers at its kind's
    LTV, the unsecured one on the rest. Collateral of an unknown kind covers nothing.
    """
    bank, ltv = terms.bank, terms.collateral_ltv
    carried = sum(
        (each.value * ltv.get(each.kind, Decimal(0)) for each in case.collateral), Decimal(0)
    )
    covered = min(carried / case.ask.amount, Decimal(1)) if case.ask.amount > 0 else Decimal(0)
    return covered * bank.lgd_secured + (1 - covered) * bank.lgd_unsecured


def _bounded(
    lines: tuple[RateLine, ...], cost: Decimal, base: Decimal, grade: GradeTerms
) -> RateSheet:
    floor = max(base + grade.margin_min_bp * BASIS_POINT, Decimal(0))
    ceiling = max(base + grade.margin_max_bp * BASIS_POINT, floor)
    rounded = cost.quantize(_STEP, ROUND_HALF_UP)
    rate = min(max(rounded, floor), ceiling)
    bound = Bound.NONE
    if rate != rounded:
        bound = Bound.FLOOR if rate > rounded else Bound.CEILING
    return RateSheet(lines, cost, floor, ceiling, rate, bound)
