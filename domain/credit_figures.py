"""What a credit officer works out beside the schedule: need, cover, loss, duty.

Money is in one unit throughout a call, shares are fractions; nothing is rounded but where said.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from domain.money import Currency, round_half_up
from domain.violations import LoanRuleViolation

YEAR_DAYS = 360
STAMP_DUTY_SHARE = Decimal("0.00005")
"""Source: Stamp Duty Law of 2021, loan contracts: 0.05 per mille of the principal."""

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class TurnoverDays:
    """How many days money is tied up in each item (周转天数). Range: none below 0."""

    inventory: Decimal
    receivable: Decimal
    payable: Decimal
    prepaid: Decimal
    advance: Decimal

    @property
    def cycle(self) -> Decimal:
        """Days from paying suppliers to being paid; 0 or less means suppliers finance the firm."""
        bound = self.inventory + self.receivable + self.prepaid
        return bound - self.payable - self.advance


@dataclass(frozen=True, slots=True)
class WorkingCapital:
    """The need for working capital and the part of it a new loan may fill."""

    turns: Decimal | None
    need: Decimal
    new_loan: Decimal


def turnover_days(flow: Decimal, average_balance: Decimal) -> Decimal:
    """360 / (flow / average balance). The flow is sales for what customers owe or have advanced,
    cost of sales for stock, prepayments and payables.

    Violations: `figures.range` where the flow is not above 0 or the balance is below 0.
    """
    _above_zero(flow)
    _not_negative(average_balance)
    return YEAR_DAYS * average_balance / flow


def working_capital(
    *,
    sales: Decimal,
    profit_margin: Decimal,
    growth: Decimal,
    cycle_days: Decimal,
    own: Decimal,
    existing_loans: Decimal,
    other: Decimal,
) -> WorkingCapital:
    """The need for working capital (流动资金贷款需求量), and the loan that may fill it.

    Sales x (1 - margin) x (1 + growth) / turns.

    The margin is profit by sales, not by cost. A cycle of 0 days or less needs nothing; nor is a
    new loan ever below 0. Rounding: none.
    Source: annex to the 2010 rule on working-capital loans, kept by the rule of 2024.
    Violations: `figures.range` for negative sales or sources, a margin above 1, growth below -1.
    """
    for amount in (sales, own, existing_loans, other, 1 - profit_margin, 1 + growth):
        _not_negative(amount)
    turns = YEAR_DAYS / cycle_days if cycle_days > 0 else None
    need = sales * (1 - profit_margin) * (1 + growth) / turns if turns else _NOTHING
    new_loan = max(need - own - existing_loans - other, _NOTHING)
    return WorkingCapital(turns, need, new_loan)


def exposure_at_default(drawn: Decimal, undrawn: Decimal, conversion: Decimal) -> Decimal:
    """EAD (违约风险暴露): what is drawn and the share of the rest likely to be drawn by then.

    Violations: `figures.range` for negative amounts or a share outside 0 to 1.
    """
    _not_negative(drawn)
    _not_negative(undrawn)
    return drawn + _share(conversion) * undrawn


def expected_loss(exposure: Decimal, default: Decimal, loss_given_default: Decimal) -> Decimal:
    """EL (预期损失) = PD x LGD x EAD. Violations: `figures.range`."""
    _not_negative(exposure)
    return _share(default) * _share(loss_given_default) * exposure


def debt_service_cover(
    ebitda: Decimal, tax: Decimal, upkeep: Decimal, principal: Decimal, interest: Decimal
) -> Decimal:
    """DSCR (偿债保障比率): cash after tax and maintenance investment by what a year's debt asks.

    Violations: `figures.range` where nothing is to be paid.
    """
    _above_zero(principal + interest)
    return (ebitda - tax - upkeep) / (principal + interest)


def interest_cover(ebit: Decimal, interest: Decimal) -> Decimal:
    """ICR (利息保障倍数) = EBIT / interest. Violations: `figures.range` for no interest."""
    _above_zero(interest)
    return ebit / interest


def loan_to_value(exposure: Decimal, value: Decimal) -> Decimal:
    """LTV (抵押率) = exposure / eligible value. Violations: `figures.range` for no value."""
    _not_negative(exposure)
    _above_zero(value)
    return exposure / value


def loan_within(value: Decimal, cap: Decimal) -> Decimal:
    """The most that collateral of a value carries at an LTV cap. Violations: `figures.range`."""
    _not_negative(value)
    return value * _share(cap)


def stamp_duty(principal: Decimal, currency: Currency) -> Decimal:
    """The stamp duty (印花税) each party to a loan contract owes. Rounding: HALF_UP.

    Violations: `figures.range` for a negative principal.
    """
    _not_negative(principal)
    return round_half_up(principal * STAMP_DUTY_SHARE, currency)


def _not_negative(value: Decimal) -> None:
    if value < 0:
        raise LoanRuleViolation("figures.range")


def _above_zero(value: Decimal) -> None:
    if value <= 0:
        raise LoanRuleViolation("figures.range")


def _share(value: Decimal) -> Decimal:
    if not 0 <= value <= 1:
        raise LoanRuleViolation("figures.range")
    return value
