"""The rate that pays for a loan's risk, part by part."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from domain.credit_risk.capital import BASE_MATURITY, PD_FLOOR, capital_requirement
from domain.violations import LoanRuleViolation


@dataclass(frozen=True, slots=True)
class RiskPrice:
    """Yearly fractions; `rate` is the sum of the four parts. `risk_weight` explains the last."""

    funding: Decimal
    operating: Decimal
    expected_loss: Decimal
    capital_charge: Decimal
    risk_weight: Decimal

    @property
    def rate(self) -> Decimal:
        """The yearly rate below which the loan loses money against the hurdle."""
        return self.funding + self.operating + self.expected_loss + self.capital_charge


def risk_price(
    *,
    funding: Decimal,
    operating: Decimal,
    pd: Decimal,
    lgd: Decimal,
    capital_ratio: Decimal,
    hurdle: Decimal,
    maturity_years: Decimal = BASE_MATURITY,
    sales_eur_m: Decimal | None = None,
) -> RiskPrice:
    """Funding + operating cost + PD x LGD + RW x capital ratio x (hurdle - funding).

    Rounding: none but the risk weight's. The capital charge is never below 0.
    Violations: `figures.range` as for the capital, for negative costs, a ratio outside 0 to 1.
    """
    if min(funding, operating, hurdle) < 0 or not 0 <= capital_ratio <= 1:
        raise LoanRuleViolation("figures.range")
    weight = capital_requirement(pd, lgd, maturity_years, sales_eur_m, PD_FLOOR).risk_weight
    charge = max(weight * capital_ratio * (hurdle - funding), Decimal(0))
    return RiskPrice(funding, operating, pd * lgd, charge, weight)
