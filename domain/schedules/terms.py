"""What was agreed about one note, refused where no schedule could follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.money import Currency, checked_amount
from domain.violations import LoanRuleViolation

TENOR_MONTHS_MAX = 360
YEARLY_RATE_MAX = Decimal("0.36")
RATE_PLACES = 8
YEAR_MIN, YEAR_MAX = 1900, 2100


class RepaymentMethod(StrEnum):
    """How principal comes back. A method is a value here and a module beside this one."""

    EQUAL_INSTALMENT = "equal_instalment"
    INTEREST_FIRST_BULLET = "interest_first_bullet"


@dataclass(frozen=True)
class LoanTerms:
    """The figures a schedule is built from.

    Unit: principal in the currency, `yearly_rate` as a fraction (0.0435 is 4.35 %), tenor in whole
    months. Range: principal above 0 and below 10^13; rate 0 to 0.36 in at most 8 places; tenor
    1 to 360; all dates within 1900 to 2100. Rounding: none.
    """

    principal: Decimal
    currency: Currency
    yearly_rate: Decimal
    tenor_months: int
    method: RepaymentMethod
    drawn_on: date

    def __post_init__(self) -> None:
        object.__setattr__(self, "principal", _principal(self.principal, self.currency))
        _check_rate(self.yearly_rate)
        if not 1 <= self.tenor_months <= TENOR_MONTHS_MAX:
            raise LoanRuleViolation("terms.tenor", min="1", max=str(TENOR_MONTHS_MAX))
        _check_dates(self.drawn_on, self.tenor_months)


def _principal(principal: Decimal, currency: Currency) -> Decimal:
    try:
        in_scale = checked_amount(principal, currency)
    except LoanRuleViolation as refused:
        raise LoanRuleViolation("terms.principal", rule=refused.code) from refused
    if in_scale <= 0:
        raise LoanRuleViolation("terms.principal", rule="amount.range")
    return in_scale


def _check_rate(yearly_rate: Decimal) -> None:
    allowed = yearly_rate.is_finite() and 0 <= yearly_rate <= YEARLY_RATE_MAX
    if not allowed or yearly_rate != round(yearly_rate, RATE_PLACES):
        raise LoanRuleViolation("terms.rate", min="0", max=str(YEARLY_RATE_MAX))


def _check_dates(drawn_on: date, tenor_months: int) -> None:
    last_year = drawn_on.year + (drawn_on.month - 1 + tenor_months) // 12
    if drawn_on.year < YEAR_MIN or last_year > YEAR_MAX:
        raise LoanRuleViolation("terms.date", min=str(YEAR_MIN), max=str(YEAR_MAX))
