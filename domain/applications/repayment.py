"""The repayment plan of a draft: what may be chosen, and the plan, proven by building it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeVar, cast

from domain.applications.fields import PLAN_FIELDS
from domain.applications.readers import read_amount, read_date
from domain.day_counts import DayCount
from domain.money import Currency
from domain.products import ProductRules
from domain.schedules import (
    CustomRow,
    HolidayRule,
    MonthEnd,
    PeriodUnit,
    RepaymentMethod,
    ScheduleTerms,
    build_schedule,
)
from domain.schedules.periods import months_after
from domain.schedules.plan import RepaymentPlan
from domain.violations import Finding, LoanRuleViolation

Values = Mapping[str, object]
_T = TypeVar("_T")
ROWS_MAX = 60
_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,8})?")
_NAMES = tuple(field.name for field in PLAN_FIELDS)
_OWN = {
    "balloon": RepaymentMethod.BALLOON,
    "step_shares": RepaymentMethod.STEP_UP,
    "custom_rows": RepaymentMethod.CUSTOM,
}
_GRACES = ("principal_grace", "interest_payment_grace", "interest_free")
_NOT_OF: Mapping[RepaymentMethod, frozenset[str]] = {
    RepaymentMethod.CUSTOM: frozenset(_NAMES)
    - {"custom_rows", "day_count", "holiday_rule", "interest_payment_grace", "interest_free"},
    RepaymentMethod.MATURITY: frozenset(
        {*_GRACES, "settlement_day", "instalment_multiple", "first_due_on"}
    ),
    RepaymentMethod.INTEREST_FIRST_BULLET: frozenset({"principal_grace", "instalment_multiple"}),
    RepaymentMethod.BALLOON: frozenset({"first_drawdown"}),
    RepaymentMethod.STEP_UP: frozenset({"settlement_day", "instalment_multiple"}),
}
_FIELD_OF_RULE: Mapping[str, str] = {
    "plan.tenor": "tenor_months",
    "plan.instalments": "instalment_count",
    "terms.instalments": "instalment_count",
    "terms.every": "period_every",
    "terms.date": "tenor_months",
    "terms.first_due": "first_due_on",
    "terms.settlement": "settlement_day",
    "terms.grace": "principal_grace",
    "terms.multiple": "instalment_multiple",
    "terms.down_payment": "down_payment_percent",
    "terms.balloon": "balloon",
    "terms.step_shares": "step_shares",
    "terms.custom": "custom_rows",
    "terms.custom_sum": "custom_rows",
    "terms.principal": "amount",
}


def offered_fields(product: ProductRules) -> tuple[str, ...]:
    """The plan's entries the product leaves a choice in, in the form's order."""
    offer, methods = product.repayment, product.methods
    counted = {PeriodUnit.DAY, PeriodUnit.WEEK} & set(offer.units)
    there = {
        "period_unit": len(offer.units) > 1,
        "period_every": offer.longer_periods,
        "instalment_count": bool(counted),
        "settlement_day": bool(offer.settlement_days),
        "first_due_on": offer.first_due,
        "day_count": len(offer.day_counts) > 1,
        "month_end": len(offer.month_ends) > 1,
        "holiday_rule": len(offer.holidays) > 1,
        "instalment_multiple": offer.multiples,
        "down_payment_percent": offer.down_payment_max > 0,
        "first_drawdown": offer.drawdowns_max > 1,
        **{name: getattr(offer, f"{name}_max") > 0 for name in _GRACES},
        **{name: method in methods for name, method in _OWN.items()},
    }
    return tuple(name for name in _NAMES if there[name])


def fields_of_method(product: ProductRules, method: str) -> frozenset[str]:
    """Which of the offered entries belong to a method; an unknown method has all but the own."""
    offered = frozenset(offered_fields(product))
    own = {name for name, other in _OWN.items() if other != method}
    known = method in {one.value for one in RepaymentMethod}
    return offered - own - (_NOT_OF.get(RepaymentMethod(method), frozenset()) if known else own)


def read_plan(
    values: Values, product: ProductRules, today: date
) -> tuple[RepaymentPlan | None, list[Finding]]:
    """The plan, proven by building its schedule from today; None where something is wrong.

    Without method, amount or tenor there is nothing to prove yet. Codes: `plan.*`, `terms.*`.
    """
    findings = _misplaced(values, product)
    if findings or not _is_asked(values, product):
        return None, findings
    reader = _PlanReader(values, product)
    plan = reader.plan()
    if reader.findings:
        return None, reader.findings
    found = _refused(plan, values, product, today)
    return (None, [found]) if found else (plan, [])


def _misplaced(values: Values, product: ProductRules) -> list[Finding]:
    offered = offered_fields(product)
    mine = fields_of_method(product, str(values.get("repayment_method", "")))
    method_known = "repayment_method" in values
    return [
        Finding(name, "plan.not_of_method" if name in offered else "plan.not_offered")
        for name in _NAMES
        if name in values and (name not in offered or (method_known and name not in mine))
    ]


def _is_asked(values: Values, product: ProductRules) -> bool:
    there = all(name in values for name in ("amount", "tenor_months", "currency"))
    lent = values.get("currency") in product.currencies
    tenor = values.get("tenor_months")
    fits = isinstance(tenor, int) and product.tenor_min <= tenor <= product.tenor_max
    return there and lent and fits and values.get("repayment_method") in product.methods


def _refused(
    plan: RepaymentPlan, values: Values, product: ProductRules, today: date
) -> Finding | None:
    """The first rule of the engine the plan breaks, beside the entry it speaks of."""
    currency = Currency(cast(str, values["currency"]))
    amount = cast(Decimal, values["amount"])
    try:
        terms = plan.terms(amount, currency, product.base_rate, today)
        last_on = build_schedule(terms, _weekday)[-1].due_on
    except LoanRuleViolation as refused:
        return Finding(_field_of(refused.code, plan), refused.code, refused.params)
    if _unmoved_end(terms, last_on) > months_after(today, plan.tenor_months):
        return Finding(_field_of("terms.dates", plan), "plan.beyond_tenor")
    if plan.first_drawdown is not None and not 0 < plan.first_drawdown < amount:
        return Finding("first_drawdown", "plan.first_drawdown")
    return None


def _unmoved_end(terms: ScheduleTerms, last_on: date) -> date:
    """The last due date before a day off moves it."""
    if terms.holiday is HolidayRule.NONE:
        return last_on
    return build_schedule(replace(terms, holiday=HolidayRule.NONE))[-1].due_on


def _field_of(code: str, plan: RepaymentPlan) -> str:
    if code == "terms.dates":
        by_days = plan.unit in (PeriodUnit.DAY, PeriodUnit.WEEK)
        named = "first_due_on" if plan.first_due_on else "repayment_method"
        return "custom_rows" if plan.custom else "instalment_count" if by_days else named
    return _FIELD_OF_RULE.get(code, "repayment_method")


def _weekday(day: date) -> bool:
    """The weekly rule; the calendar's own days are looked at when money goes out."""
    return day.weekday() < 5


@dataclass(frozen=True, slots=True)
class _PlanReader:
    values: Values
    product: ProductRules
    findings: list[Finding]

    def __init__(self, values: Values, product: ProductRules) -> None:
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "product", product)
        object.__setattr__(self, "findings", [])

    def plan(self) -> RepaymentPlan:
        offer = self.product.repayment
        method = RepaymentMethod(cast(str, self.values["repayment_method"]))
        return RepaymentPlan(
            method=method,
            tenor_months=cast(int, self.values["tenor_months"]),
            unit=self._one_of("period_unit", offer.units, PeriodUnit),
            every=self._whole("period_every", 1),
            instalments=cast("int | None", self.values.get("instalment_count")),
            settlement_day=self._settlement_day(),
            first_due_on=cast("date | None", self.values.get("first_due_on")),
            day_count=self._one_of("day_count", offer.day_counts, DayCount),
            month_end=self._one_of("month_end", offer.month_ends, MonthEnd),
            holiday=self._one_of("holiday_rule", offer.holidays, HolidayRule),
            principal_grace=self._grace("principal_grace"),
            interest_payment_grace=self._grace("interest_payment_grace"),
            interest_free=self._grace("interest_free"),
            balloon=self._own_amount("balloon", method),
            step_shares=self._shares() if method is RepaymentMethod.STEP_UP else (),
            custom=self._rows() if method is RepaymentMethod.CUSTOM else (),
            instalment_multiple_of=cast("Decimal | None", self.values.get("instalment_multiple")),
            down_payment_share=self._down_payment(),
            first_drawdown=self._first_drawdown(),
        )

    def _refuse(self, name: str, code: str, **params: str) -> None:
        self.findings.append(Finding(name, code, params))

    def _one_of(self, name: str, offered: tuple[_T, ...], read: Callable[[str], _T]) -> _T:
        if name not in self.values:
            return offered[0]
        chosen = read(cast(str, self.values[name]))
        if chosen not in offered:
            self._refuse(name, "plan.not_offered")
        return chosen

    def _whole(self, name: str, otherwise: int) -> int:
        return cast(int, self.values.get(name, otherwise))

    def _settlement_day(self) -> int | None:
        day = cast("int | None", self.values.get("settlement_day"))
        if day is not None and day not in self.product.repayment.settlement_days:
            self._refuse("settlement_day", "plan.not_offered")
        return day

    def _grace(self, name: str) -> int:
        count, most = self._whole(name, 0), getattr(self.product.repayment, f"{name}_max")
        if count > most:
            self._refuse(name, "plan.count_range", max=str(most))
        return count

    def _own_amount(self, name: str, method: RepaymentMethod) -> Decimal | None:
        amount = cast("Decimal | None", self.values.get(name))
        if amount is None and method is _OWN[name]:
            self._refuse(name, "field.required")
        return amount

    def _shares(self) -> tuple[Decimal, ...]:
        texts = str(self.values.get("step_shares", "")).replace("%", " ").split()
        if not texts:
            self._refuse("step_shares", "field.required")
        elif not all(_PERCENT.fullmatch(text) for text in texts):
            self._refuse("step_shares", "plan.shares")
            return ()
        return tuple(Decimal(text) / 100 for text in texts)

    def _rows(self) -> tuple[CustomRow, ...]:
        lines = str(self.values.get("custom_rows", "")).splitlines()
        if not lines:
            self._refuse("custom_rows", "field.required")
        try:
            return tuple(self._read_rows(lines))
        except (ValueError, LoanRuleViolation):
            self._refuse("custom_rows", "plan.rows", max=str(ROWS_MAX))
            return ()

    def _read_rows(self, lines: list[str]) -> Iterator[CustomRow]:
        for line in lines if len(lines) <= ROWS_MAX else ("",):
            day, amount = line.split()
            yield CustomRow(read_date(day), read_amount(amount, cast(str, self.values["currency"])))

    def _down_payment(self) -> Decimal:
        text = str(self.values.get("down_payment_percent", "0")).strip(" %")
        most = self.product.repayment.down_payment_max * 100
        share = Decimal(text) if _PERCENT.fullmatch(text) else Decimal(-1)
        if not 0 <= share <= most:
            self._refuse("down_payment_percent", "plan.share_range", max=f"{most.normalize():f}")
        return max(share, Decimal(0)) / 100

    def _first_drawdown(self) -> Decimal | None:
        amount = cast("Decimal | None", self.values.get("first_drawdown"))
        if amount is not None and "down_payment_percent" in self.values:
            self._refuse("first_drawdown", "plan.drawn_in_parts")
        return amount
