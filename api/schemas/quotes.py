"""The terms a program wants quoted, and the quote. Amounts and rates are texts, rates fractions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from api.schemas.changes import Day, Figure
from api.schemas.strict import Asked, Told
from domain.day_counts import DayCount
from domain.money import Currency
from domain.quotes import TRANCHES_MAX, Tranche
from domain.schedules import (
    CustomRow,
    HolidayRule,
    MonthEnd,
    PeriodUnit,
    RepaymentMethod,
    Rounding,
    RoundingMode,
    ScheduleTerms,
)

LINES_MAX = 3_660
_ROUNDING = ("rounding", "instalment_multiple_of")


def _one_of(kind: type[Enum], *refused: Enum) -> BeforeValidator:
    """A convention by its name; one we do not know is refused, nothing near it is taken."""

    def read(value: object) -> object:
        known = {one.value: one for one in kind if one not in refused}
        if isinstance(value, str) and value in known:
            return known[value]
        raise PydanticCustomError("rule:input.not_offered", "rule")

    return BeforeValidator(read)


def _count(least: int, most: int, rule: str) -> Callable[[object], object]:
    def read(value: object) -> object:
        if type(value) is int and least <= value <= most:
            return value
        limits = {"min": str(least), "max": str(most)}
        raise PydanticCustomError(f"rule:{rule}", "rule", limits)

    return read


Instalments = Annotated[int, BeforeValidator(_count(1, LINES_MAX, "quote.instalments"))]
Grace = Annotated[int, BeforeValidator(_count(0, LINES_MAX, "terms.grace"))]


class AskRow(Asked):
    """An agreed repayment of principal."""

    due_on: Day
    principal: Figure


class AskTranche(Asked):
    """A later drawdown."""

    drawn_on: Day
    amount: Figure


class AskQuote(Asked):
    """Everything a schedule follows from; `principal` is all drawdowns together."""

    principal: Figure
    currency: Annotated[Currency, _one_of(Currency)] = Currency.CNY
    yearly_rate: Figure
    method: Annotated[RepaymentMethod, _one_of(RepaymentMethod)]
    drawn_on: Day
    instalments: Instalments
    unit: Annotated[PeriodUnit, _one_of(PeriodUnit)] = PeriodUnit.MONTH
    every: Annotated[int, BeforeValidator(_count(1, 366, "terms.every"))] = 1
    first_due_on: Day | None = None
    settlement_day: Annotated[int | None, BeforeValidator(_count(1, 27, "terms.settlement"))] = None
    matures_on: Day | None = None
    day_count: Annotated[DayCount, _one_of(DayCount, DayCount.ACT_ACT_ISMA)] = DayCount.THIRTY_360
    rounding: Annotated[RoundingMode, _one_of(RoundingMode, RoundingMode.NONE)] = (
        RoundingMode.HALF_UP
    )
    instalment_multiple_of: Figure | None = None
    month_end: Annotated[MonthEnd, _one_of(MonthEnd)] = MonthEnd.LAST_DAY
    holiday: Annotated[HolidayRule, _one_of(HolidayRule)] = HolidayRule.NONE
    principal_grace: Grace = 0
    interest_payment_grace: Grace = 0
    interest_free: Grace = 0
    balloon: Figure | None = None
    step_shares: Annotated[tuple[Figure, ...], Field(max_length=LINES_MAX, strict=False)] = ()
    custom: Annotated[tuple[AskRow, ...], Field(max_length=LINES_MAX, strict=False)] = ()
    down_payment_share: Figure = Decimal(0)
    fee: Figure = Decimal(0)
    tranches: Annotated[tuple[AskTranche, ...], Field(max_length=TRANCHES_MAX, strict=False)] = ()

    def terms(self) -> ScheduleTerms:
        """The terms. Violations: `terms.*`."""
        apart = {*_ROUNDING, "custom", "fee", "tranches"}
        agreed: dict[str, Any] = {
            name: getattr(self, name) for name in type(self).model_fields if name not in apart
        }
        return ScheduleTerms(
            **agreed,
            rounding=Rounding(self.rounding, self.instalment_multiple_of),
            custom=tuple(CustomRow(row.due_on, row.principal) for row in self.custom),
        )

    def later(self) -> tuple[Tranche, ...]:
        """The drawdowns after the first."""
        return tuple(Tranche(one.drawn_on, one.amount) for one in self.tranches)


class QuoteLineTold(Told):
    """One instalment."""

    n: int
    period_start_on: date
    due_on: date
    principal: Decimal
    interest: Decimal
    total: Decimal
    balance_after: Decimal


class TrancheTold(Told):
    """One drawdown."""

    drawn_on: date
    amount: Decimal


class LoanQuoteTold(Told):
    """A schedule, its totals and what it costs a year; a rate is null where none explains it."""

    drawdowns: tuple[TrancheTold, ...]
    fee: Decimal
    down_payment: Decimal
    interest: Decimal
    total: Decimal
    cost: Decimal
    effective_rate: Decimal | None
    unit_period_rate: Decimal | None
    lines: tuple[QuoteLineTold, ...]
