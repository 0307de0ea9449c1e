"""What credit risk costs a bank: capital, spread, provision, and the rate that pays for it."""

from domain.credit_risk.capital import CapitalRequirement, capital_requirement
from domain.credit_risk.merton import Merton, merton
from domain.credit_risk.pricing import RiskPrice, risk_price
from domain.credit_risk.provision import provision_by_age
from domain.credit_risk.spreads import FirmSize, Spread, spread_of_cover

__all__ = [
    "CapitalRequirement",
    "FirmSize",
    "Merton",
    "RiskPrice",
    "Spread",
    "capital_requirement",
    "merton",
    "provision_by_age",
    "risk_price",
    "spread_of_cover",
]
