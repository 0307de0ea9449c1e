"""A schedule's terms as a document that says all of them, and back. Nothing unknown is read.

Amounts, rates and shares are texts with all their digits, days are ISO dates: what is read back is
what was written, so that a contract's hash covers the whole schedule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from domain.day_counts import DayCount
from domain.money import Currency
from domain.schedules.plan import settled_within
from domain.schedules.rounding import HOUSE_ROUNDING, Rounding, RoundingMode
from domain.schedules.terms import (
    Amortisation,
    CustomRow,
    HolidayRule,
    MonthEnd,
    PeriodUnit,
    RepaymentMethod,
    ScheduleTerms,
)
from domain.strict_data import StrictReader
from domain.violations import LoanRuleViolation

Document = Mapping[str, object]
CODE = "schedule.malformed"
_T = TypeVar("_T", bound=StrEnum)
_EXACT = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_REQUIRED = frozenset({"principal", "currency", "yearly_rate", "method", "drawn_on", "instalments"})
_OPTIONAL = frozenset(ScheduleTerms.__dataclass_fields__) - _REQUIRED
_COUNTS = ("principal_grace", "interest_payment_grace", "interest_free")


def terms_document(terms: ScheduleTerms) -> dict[str, object]:
    """Every member of the terms, also those left at what the house does."""
    said = {name: getattr(terms, name) for name in ScheduleTerms.__dataclass_fields__}
    return {name: _written(value) for name, value in said.items()}


def terms_from_document(document: object) -> ScheduleTerms:
    """Read terms. A member that is not there is what the house does.

    Violations: `schedule.malformed` with `where` and `problem`, and `terms.*`.
    """
    reader = _Members(document, CODE, "")
    reader.only(_REQUIRED, _OPTIONAL)
    return ScheduleTerms(
        principal=reader.exact("principal"),
        currency=reader.choice("currency", Currency),
        yearly_rate=reader.exact("yearly_rate"),
        method=reader.choice("method", RepaymentMethod),
        drawn_on=reader.day("drawn_on"),
        instalments=reader.whole("instalments"),
        unit=reader.one_of("unit", PeriodUnit.MONTH),
        every=reader.whole("every") if reader.has("every") else 1,
        first_due_on=reader.day_if_any("first_due_on"),
        settlement_day=reader.whole_if_any("settlement_day"),
        matures_on=reader.day_if_any("matures_on"),
        day_count=reader.one_of("day_count", DayCount.THIRTY_360),
        rounding=reader.rounding(),
        month_end=reader.one_of("month_end", MonthEnd.LAST_DAY),
        holiday=reader.one_of("holiday", HolidayRule.NONE),
        principal_grace=reader.count("principal_grace"),
        interest_payment_grace=reader.count("interest_payment_grace"),
        interest_free=reader.count("interest_free"),
        balloon=reader.exact_if_any("balloon"),
        step_shares=reader.shares(),
        custom=reader.rows(),
        down_payment_share=reader.share("down_payment_share"),
        amortisation=reader.one_of("amortisation", Amortisation.PROGRESSIVE),
    )


def agreed_document(terms: ScheduleTerms, tenor_months: int | None = None) -> dict[str, object]:
    """What a contract keeps. With `tenor_months` the maturity moves with the day of drawdown."""
    moving = {} if tenor_months is None else {"tenor_months": tenor_months}
    return terms_document(terms) | moving


def drawn_from_document(document: object, drawn_on: date) -> ScheduleTerms:
    """A contract's terms as they stand for the day the money really went out.

    Violations: `schedule.malformed`, and `terms.*` where an agreed day has passed by then.
    """
    if not isinstance(document, Mapping):
        raise LoanRuleViolation(CODE, where="schedule", problem="not_a_mapping")
    said = {name: value for name, value in document.items() if name != "tenor_months"}
    if "tenor_months" not in document:
        return terms_from_document({**said, "drawn_on": drawn_on.isoformat()})
    months = StrictReader(document, CODE, "").whole("tenor_months", 1)
    agreed = terms_from_document(said)
    return settled_within(agreed, drawn_on, months)


def _written(value: object) -> object:
    if isinstance(value, Rounding):
        step = value.instalment_multiple_of
        return {
            "mode": value.mode.value,
            "instalment_multiple_of": None if step is None else format(step, "f"),
            "rebalance": value.rebalance,
        }
    if isinstance(value, CustomRow):
        return {"due_on": value.due_on.isoformat(), "principal": format(value.principal, "f")}
    if isinstance(value, tuple):
        return [_written(one) for one in value]
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


class _Members(StrictReader):
    """The members of a schedule's document."""

    def exact(self, key: str) -> Decimal:
        value = self.raw(key)
        if not isinstance(value, str) or _EXACT.fullmatch(value) is None:
            raise self.refuse(key, "not_a_number")
        return Decimal(value)

    def exact_if_any(self, key: str) -> Decimal | None:
        return None if self._is_absent(key) else self.exact(key)

    def share(self, key: str) -> Decimal:
        return self.exact(key) if self.has(key) else Decimal(0)

    def day(self, key: str) -> date:
        value = self.raw(key)
        if not isinstance(value, str) or _DAY.fullmatch(value) is None:
            raise self.refuse(key, "not_a_date")
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise self.refuse(key, "not_a_date") from error

    def day_if_any(self, key: str) -> date | None:
        return None if self._is_absent(key) else self.day(key)

    def whole_if_any(self, key: str) -> int | None:
        return None if self._is_absent(key) else self.whole(key)

    def count(self, key: str) -> int:
        return self.whole(key) if self.has(key) else 0

    def one_of(self, key: str, otherwise: _T) -> _T:
        return self.choice(key, type(otherwise)) if self.has(key) else otherwise

    def rounding(self) -> Rounding:
        if self._is_absent("rounding"):
            return HOUSE_ROUNDING
        said = _Members(self.raw("rounding"), CODE, "rounding")
        said.only(frozenset({"mode"}), frozenset({"instalment_multiple_of", "rebalance"}))
        return Rounding(
            mode=said.choice("mode", RoundingMode),
            instalment_multiple_of=said.exact_if_any("instalment_multiple_of"),
            rebalance=said.flag("rebalance") if said.has("rebalance") else False,
        )

    def shares(self) -> tuple[Decimal, ...]:
        return tuple(
            _Members({"share": one}, CODE, f"step_shares.{n}").exact("share")
            for n, one in enumerate(self._list("step_shares"), start=1)
        )

    def rows(self) -> tuple[CustomRow, ...]:
        read = [
            _Members(one, CODE, f"custom.{n}")
            for n, one in enumerate(self._list("custom"), start=1)
        ]
        for row in read:
            row.only(frozenset({"due_on", "principal"}))
        return tuple(CustomRow(row.day("due_on"), row.exact("principal")) for row in read)

    def _list(self, key: str) -> list[object]:
        value = self.raw(key) if self.has(key) else []
        if not isinstance(value, list | tuple):
            raise self.refuse(key, "not_a_list")
        return list(value)

    def _is_absent(self, key: str) -> bool:
        return not self.has(key) or self.raw(key) is None
