"""Interest first, bullet (先息后本): interest each month, all principal with the last."""

from __future__ import annotations

from decimal import Decimal

from domain.money import round_half_up
from domain.schedules.terms import LoanTerms


def principal_by_month(terms: LoanTerms) -> tuple[Decimal, ...]:
    """No principal until the last month, which takes it all. Rounding: none."""
    nothing = round_half_up(Decimal(0), terms.currency)
    return (*[nothing] * (terms.tenor_months - 1), terms.principal)
