"""What is asked and agreed on how a loan comes back, before the day of drawdown is known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from domain.day_counts import DayCount
from domain.money import Currency
from domain.schedules.periods import MONTHS, months_after, settlement_dates
from domain.schedules.rounding import Rounding
from domain.schedules.terms import (
    CustomRow,
    HolidayRule,
    MonthEnd,
    PeriodUnit,
    RepaymentMethod,
    ScheduleTerms,
)
from domain.violations import LoanRuleViolation


@dataclass(frozen=True, kw_only=True)
class RepaymentPlan:
    """A repayment plan (还款计划) in the words of an application.

    Unit: amounts in the loan's currency, shares as fractions. `instalments` is said where a period
    is no whole number of months, else it follows from the tenor; `first_drawdown` is what goes out
    first where a loan is drawn in parts. Violations are those of the terms made from it.
    """

    method: RepaymentMethod
    tenor_months: int
    unit: PeriodUnit = PeriodUnit.MONTH
    every: int = 1
    instalments: int | None = None
    settlement_day: int | None = None
    first_due_on: date | None = None
    day_count: DayCount = DayCount.THIRTY_360
    month_end: MonthEnd = MonthEnd.LAST_DAY
    holiday: HolidayRule = HolidayRule.NONE
    principal_grace: int = 0
    interest_payment_grace: int = 0
    interest_free: int = 0
    balloon: Decimal | None = None
    step_shares: tuple[Decimal, ...] = ()
    custom: tuple[CustomRow, ...] = ()
    instalment_multiple_of: Decimal | None = None
    down_payment_share: Decimal = Decimal(0)
    first_drawdown: Decimal | None = None

    def terms(
        self, principal: Decimal, currency: Currency, yearly_rate: Decimal, drawn_on: date
    ) -> ScheduleTerms:
        """The schedule's terms if the money went out on a day.

        Violations: `terms.*`, `plan.tenor` where the periods do not fill the tenor.
        """
        settled = self.settlement_day is not None
        terms = ScheduleTerms(
            principal=principal,
            currency=currency,
            yearly_rate=yearly_rate,
            method=self.method,
            drawn_on=drawn_on,
            instalments=self._count(),
            unit=self.unit,
            every=self.every,
            first_due_on=self.first_due_on,
            settlement_day=self.settlement_day,
            matures_on=months_after(drawn_on, self.tenor_months) if settled else None,
            day_count=self.day_count,
            rounding=Rounding(instalment_multiple_of=self.instalment_multiple_of),
            month_end=self.month_end,
            holiday=self.holiday,
            principal_grace=self.principal_grace,
            interest_payment_grace=self.interest_payment_grace,
            interest_free=self.interest_free,
            balloon=self.balloon,
            step_shares=self.step_shares,
            custom=self.custom,
            down_payment_share=self.down_payment_share,
        )
        return settled_within(terms, drawn_on, self.tenor_months) if settled else terms

    @property
    def moving_tenor_months(self) -> int | None:
        """The tenor where the maturity moves with the day of drawdown, else None."""
        return self.tenor_months if self.settlement_day is not None else None

    def _count(self) -> int:
        if self.custom:
            return len(self.custom)
        if self.settlement_day is not None:
            return self.tenor_months  # an upper bound; the real count follows from the days
        months = MONTHS.get(self.unit, 0) * self.every
        if not months:
            if self.instalments is None:
                raise LoanRuleViolation("plan.instalments")
            return self.instalments
        if self.tenor_months % months:
            raise LoanRuleViolation("plan.tenor", months=str(months))
        return self.tenor_months // months


def settled_within(terms: ScheduleTerms, drawn_on: date, tenor_months: int) -> ScheduleTerms:
    """Terms settled on a day of the month, for a drawdown on another day: the end moves with it."""
    matures_on = months_after(drawn_on, tenor_months)
    moved = replace(terms, drawn_on=drawn_on, matures_on=matures_on, instalments=tenor_months)
    return replace(moved, instalments=len(settlement_dates(moved)))
