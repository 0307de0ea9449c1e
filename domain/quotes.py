"""What a loan would cost on given terms: its schedule, its totals and what it costs a year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.annual_rates import effective_rate_of_dates
from domain.money import checked_amount
from domain.schedules import ScheduleLine, ScheduleTerms, build_schedule
from domain.violations import LoanRuleViolation


@dataclass(frozen=True)
class Quote:
    """A schedule with its totals. Unit: the terms' currency; `effective_rate` a yearly fraction.

    `effective_rate` is None where no single rate explains the payments.
    """

    terms: ScheduleTerms
    fee: Decimal
    lines: tuple[ScheduleLine, ...]
    effective_rate: Decimal | None

    @property
    def interest(self) -> Decimal:
        """All interest together."""
        return sum((line.interest for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        """All instalments together, without the fee."""
        return sum((line.total for line in self.lines), Decimal(0))


def quote(
    terms: ScheduleTerms, fee: Decimal, working_day: Callable[[date], bool] | None = None
) -> Quote:
    """The quote of these terms; the fee is paid on the day of drawdown.

    Unit: the terms' currency. Range: fee from 0 to below the principal. Rounding: as the terms
    say. Violations: `terms.*`, `amount.range`.
    """
    charged = checked_amount(fee, terms.currency)
    if not 0 <= charged < terms.principal:
        raise LoanRuleViolation("amount.range", limit=str(terms.principal))
    lines = build_schedule(terms, working_day)
    return Quote(terms, charged, lines, _rate(terms, charged, lines))


def _rate(terms: ScheduleTerms, fee: Decimal, lines: tuple[ScheduleLine, ...]) -> Decimal | None:
    paid = [(line.due_on, -line.total) for line in lines]
    try:
        return effective_rate_of_dates([(terms.drawn_on, terms.principal - fee), *paid])
    except LoanRuleViolation as refused:
        if refused.code in ("rate.no_solution", "rate.several"):
            return None
        raise
