"""What was agreed about one note, refused where no schedule could follow from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from domain.day_counts import DayCount
from domain.money import Currency, checked_amount
from domain.schedules.rounding import HOUSE_ROUNDING, Rounding
from domain.violations import LoanRuleViolation

TENOR_MONTHS_MAX = 360
INSTALMENTS_MAX = 36_600
EVERY_MAX = 366
SETTLEMENT_DAY_MAX = 27
SCHEDULE_RATE_MAX = Decimal(1)
"""No schedule is made above 100 % a year; what may be booked is less (`YEARLY_RATE_MAX`)."""
YEARLY_RATE_MAX = Decimal("0.36")
RATE_PLACES = 8
YEAR_MIN, YEAR_MAX = 1900, 2100


class RepaymentMethod(StrEnum):
    """How principal comes back. A method is a value here and a module beside this one."""

    EQUAL_INSTALMENT = "equal_instalment"  # 等额本息
    EQUAL_PRINCIPAL = "equal_principal"  # 等额本金
    INTEREST_FIRST_BULLET = "interest_first_bullet"  # 先息后本
    MATURITY = "maturity"  # 利随本清
    BALLOON = "balloon"
    STEP_UP = "step_up"
    CUSTOM = "custom"
    FLAT = "flat"


class PeriodUnit(StrEnum):
    """What a period is counted in; `every` says how many of them."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class MonthEnd(StrEnum):
    """Where a due date goes whose month lacks the anchor day."""

    LAST_DAY = "last_day"
    FIRST_OF_NEXT = "first_of_next"


class HolidayRule(StrEnum):
    """What a due date on a day off does."""

    NONE = "none"
    FOLLOWING = "following"


class Amortisation(StrEnum):
    """Two families of conventions published tables follow; the house books the first."""

    PROGRESSIVE = "progressive"
    CUMULATIVE = "cumulative"


@dataclass(frozen=True)
class CustomRow:
    """One agreed repayment of principal. Unit: the note's currency, not negative."""

    due_on: date
    principal: Decimal


@dataclass(frozen=True, kw_only=True)
class ScheduleTerms:
    """Everything a first schedule follows from.

    Unit: amounts in the currency, `yearly_rate` and shares as fractions. Range: principal above 0
    and below 10^13, rate 0 to 1, 1 to 36,600 instalments, dates within 1900 to 2100. Violations:
    `terms.*`.
    """

    principal: Decimal
    currency: Currency
    yearly_rate: Decimal
    method: RepaymentMethod
    drawn_on: date
    instalments: int
    unit: PeriodUnit = PeriodUnit.MONTH
    every: int = 1
    first_due_on: date | None = None
    settlement_day: int | None = None
    matures_on: date | None = None
    day_count: DayCount = DayCount.THIRTY_360
    rounding: Rounding = HOUSE_ROUNDING
    month_end: MonthEnd = MonthEnd.LAST_DAY
    holiday: HolidayRule = HolidayRule.NONE
    principal_grace: int = 0
    interest_payment_grace: int = 0
    interest_free: int = 0
    balloon: Decimal | None = None
    step_shares: tuple[Decimal, ...] = ()
    custom: tuple[CustomRow, ...] = ()
    down_payment_share: Decimal = Decimal(0)
    amortisation: Amortisation = Amortisation.PROGRESSIVE

    def __post_init__(self) -> None:
        object.__setattr__(self, "principal", _principal(self.principal, self.currency))
        for code, holds in self._rules():
            if not holds:
                raise LoanRuleViolation(f"terms.{code}")

    def _rules(self) -> Iterator[tuple[str, bool]]:
        """Each thing that must hold, cheapest first: a later one may lean on an earlier one."""
        yield "rate", self.yearly_rate.is_finite() and 0 <= self.yearly_rate <= SCHEDULE_RATE_MAX
        yield "instalments", 1 <= self.instalments <= INSTALMENTS_MAX
        yield "every", 1 <= self.every <= EVERY_MAX
        yield "date", self._within_years()
        yield "first_due", self.first_due_on is None or self.first_due_on > self.drawn_on
        yield "matures", self.matures_on is None or self.matures_on > self.drawn_on
        yield "settlement", self._settles()
        yield "grace", self._graces()
        multiple = self.rounding.instalment_multiple_of
        yield "multiple", multiple is None or (multiple.is_finite() and multiple > 0)
        share = self.down_payment_share
        yield "down_payment", share.is_finite() and 0 <= share < 1
        yield "balloon", self._balloon_fits()
        yield "step_shares", self._steps_add_up()
        yield from self._custom_rules()

    @property
    def down_payment(self) -> Decimal:
        """What the borrower pays himself on the day of drawdown. Unit: the currency."""
        share = self.down_payment_share
        return self.rounding.instalment(self.principal * share, self.currency) if share else share

    def _within_years(self) -> bool:
        known = [self.drawn_on, self.first_due_on, self.matures_on, *self._custom_dates()]
        if any(day is not None and not YEAR_MIN <= day.year <= YEAR_MAX for day in known):
            return False
        if self.settlement_day is not None or self.custom:
            return True
        anchor = self.first_due_on or self.drawn_on
        steps = (self.instalments - (self.first_due_on is not None)) * self.every
        if self.unit in (PeriodUnit.DAY, PeriodUnit.WEEK):
            days = steps * (7 if self.unit is PeriodUnit.WEEK else 1)
            return anchor.toordinal() + days <= date(YEAR_MAX, 12, 31).toordinal()
        months = steps * {PeriodUnit.QUARTER: 3, PeriodUnit.YEAR: 12}.get(self.unit, 1)
        return anchor.year + (anchor.month - 1 + months) // 12 <= YEAR_MAX

    def _custom_dates(self) -> list[date]:
        return [row.due_on for row in self.custom]

    def _settles(self) -> bool:
        day = self.settlement_day
        if day is None:
            return True
        whole_months = self.unit in (PeriodUnit.MONTH, PeriodUnit.QUARTER, PeriodUnit.YEAR)
        return 1 <= day <= SETTLEMENT_DAY_MAX and whole_months and self.matures_on is not None

    def _graces(self) -> bool:
        graces = (self.principal_grace, self.interest_payment_grace, self.interest_free)
        return all(0 <= grace < max(self.instalments, 1) or grace == 0 for grace in graces)

    def _balloon_fits(self) -> bool:
        if self.method is not RepaymentMethod.BALLOON:
            return self.balloon is None
        return self.balloon is not None and 0 < self.balloon <= self.principal

    def _steps_add_up(self) -> bool:
        if self.method is not RepaymentMethod.STEP_UP:
            return not self.step_shares
        count = self.instalments - self.principal_grace
        return (
            len(self.step_shares) == count
            and sum(self.step_shares) == 1
            and all(share >= 0 for share in self.step_shares)
        )

    def _custom_rules(self) -> Iterator[tuple[str, bool]]:
        if self.method is not RepaymentMethod.CUSTOM:
            yield "custom", not self.custom
            return
        dates = [self.drawn_on, *self._custom_dates()]
        yield "custom", len(self.custom) == self.instalments and self.principal_grace == 0
        yield "dates", all(one < next_one for one, next_one in pairwise(dates))
        yield (
            "custom_sum",
            sum((row.principal for row in self.custom), Decimal(0)) + self.down_payment
            == self.principal,
        )
        yield "custom", all(row.principal >= 0 for row in self.custom)


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

    def schedule_terms(self) -> ScheduleTerms:
        """The same note in the full vocabulary: monthly, 30/360, house rounding."""
        return ScheduleTerms(
            principal=self.principal,
            currency=self.currency,
            yearly_rate=self.yearly_rate,
            method=self.method,
            drawn_on=self.drawn_on,
            instalments=self.tenor_months,
        )


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
        raise LoanRuleViolation("terms.date")
