"""Equal instalment (等额本息): the same amount each month, the last one takes the remainder."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext

from domain.money import round_half_up
from domain.schedules.lines import month_interest
from domain.schedules.terms import LoanTerms

_EXACT_ENOUGH = Context(prec=50)
"""A power of 360 factors loses its last digits at the usual 28; the cent must not see that."""


def payment(terms: LoanTerms) -> Decimal:
    """The level payment A = P i (1+i)^n / ((1+i)^n - 1), with i = yearly rate / 12.

    Unit: the note's currency. Range: above 0 but for amounts below one smallest unit a month.
    Rounding: HALF_UP to the smallest unit. Source: the annuity formula.
    """
    with localcontext(_EXACT_ENOUGH):
        monthly = terms.yearly_rate / 12
        growth = (1 + monthly) ** terms.tenor_months
        if growth == 1:
            return round_half_up(terms.principal / terms.tenor_months, terms.currency)
        return round_half_up(terms.principal * monthly * growth / (growth - 1), terms.currency)


def principal_by_month(terms: LoanTerms) -> tuple[Decimal, ...]:
    """The principal in each level payment.

    Rounding: the last month takes what is left. A payment rounded up on a tiny loan would pay
    it off early; it is then cut to the balance and the months after it are zero.
    """
    level, balance = payment(terms), terms.principal
    parts: list[Decimal] = []
    for _ in range(terms.tenor_months - 1):
        parts.append(min(level - month_interest(balance, terms), balance))
        balance -= parts[-1]
    return (*parts, balance)
