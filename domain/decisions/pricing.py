"""What a grade costs."""

from __future__ import annotations

from decimal import Decimal

from domain.products import ProductRules
from domain.violations import LoanRuleViolation

BASIS_POINTS = Decimal(10_000)


def pricing(product: ProductRules, grade: str) -> Decimal:
    """The yearly contract rate of a grade: base rate plus the grade's margin, exact, never below 0.

    Violation: `pricing.grade_not_offered` where the product has no margin for the grade.
    """
    margin_bp = product.margins_by_grade.get(grade)
    if margin_bp is None:
        raise LoanRuleViolation("pricing.grade_not_offered", grade=grade, product=product.code)
    return max(Decimal(0), product.base_rate + Decimal(margin_bp) / BASIS_POINTS)
