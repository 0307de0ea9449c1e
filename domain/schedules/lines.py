"""The lines of a schedule, their due dates and the interest of one month."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.money import round_half_up
from domain.schedules.terms import LoanTerms


@dataclass(frozen=True)
class ScheduleLine:
    """One instalment (期次): what falls due when, and the principal outstanding after it.

    Unit: the note's currency. Range: nothing negative. Rounding: to the smallest unit.
    """

    n: int
    period_start_on: date
    due_on: date
    principal: Decimal
    interest: Decimal
    balance_after: Decimal

    @property
    def total(self) -> Decimal:
        """Principal and interest together."""
        return self.principal + self.interest


def due_date(drawn_on: date, n: int) -> date:
    """The date n whole months after drawdown.

    The day of drawdown is the anchor; a month without that day uses its last day, and the next
    month goes back to the anchor. Range: n >= 0. Rounding: none.
    """
    years, month_index = divmod(drawn_on.month - 1 + n, 12)
    year, month = drawn_on.year + years, month_index + 1
    return date(year, month, min(drawn_on.day, monthrange(year, month)[1]))


def month_interest(balance: Decimal, terms: LoanTerms) -> Decimal:
    """Interest of one whole month on a balance: balance x yearly rate / 12 (30/360).

    Unit: the note's currency. Rounding: HALF_UP to the smallest unit.
    Source: monthly instalments count each month as thirty days of 360.
    """
    return round_half_up(balance * terms.yearly_rate / 12, terms.currency)


def lines_from_principal(
    terms: LoanTerms, principal: Sequence[Decimal]
) -> tuple[ScheduleLine, ...]:
    """Complete the principal of each month to full lines: dates, interest and balance."""
    lines: list[ScheduleLine] = []
    balance = terms.principal
    for n, part in enumerate(principal, start=1):
        interest = month_interest(balance, terms)
        balance -= part
        starts_on, due_on = due_date(terms.drawn_on, n - 1), due_date(terms.drawn_on, n)
        lines.append(ScheduleLine(n, starts_on, due_on, part, interest, balance))
    return tuple(lines)
