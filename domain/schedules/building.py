"""From terms to a schedule. A new repayment method is one module and one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from domain.schedules import equal_instalment, interest_first_bullet
from domain.schedules.lines import ScheduleLine, lines_from_principal
from domain.schedules.terms import LoanTerms, RepaymentMethod

PRINCIPAL_BY_METHOD: Mapping[RepaymentMethod, Callable[[LoanTerms], tuple[Decimal, ...]]] = {
    RepaymentMethod.EQUAL_INSTALMENT: equal_instalment.principal_by_month,
    RepaymentMethod.INTEREST_FIRST_BULLET: interest_first_bullet.principal_by_month,
}


def build_schedule(terms: LoanTerms) -> tuple[ScheduleLine, ...]:
    """Every instalment of a note, in order; their principal sums exactly to the note's.

    Unit: the note's currency. Rounding: interest HALF_UP each month, the last line takes the
    remainder. Source: see each method's module.
    """
    return lines_from_principal(terms, PRINCIPAL_BY_METHOD[terms.method](terms))
