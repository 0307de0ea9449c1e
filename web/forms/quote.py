"""The quote's form: every entry is a parameter of the address, refused beside its own field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from starlette.datastructures import FormData

from domain.day_counts import DayCount
from domain.money import Currency, parse_amount
from domain.quotes import Tranche
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
from domain.schedules.terms import SCHEDULE_RATE_MAX
from domain.violations import LoanRuleViolation
from web.forms.entries import EntryReader

LINES_MAX = 3_660
"""Ten years of days: what a page computes while somebody waits."""
ROUNDINGS = (RoundingMode.HALF_UP.value, RoundingMode.HALF_EVEN.value)
DAY_COUNTS = tuple(one for one in DayCount if one is not DayCount.ACT_ACT_ISMA)
FIELD_OF_RULE: Mapping[str, str] = {
    "principal": "amount",
    "rate": "rate",
    "instalments": "instalments",
    "every": "every",
    "date": "drawn_on",
    "first_due": "first_due_on",
    "matures": "matures_on",
    "settlement": "settlement_day",
    "grace": "principal_grace",
    "multiple": "multiple",
    "down_payment": "down_payment",
    "balloon": "balloon",
    "step_shares": "step_shares",
    "custom": "custom",
    "custom_sum": "custom",
    "dates": "custom",
    "calendar": "holiday",
    "tranches": "tranches",
    "tranche_dates": "tranches",
    "tranche_method": "tranches",
}
CONVENTIONS: Mapping[str, str] = {
    "currency": "CNY",
    "unit": "month",
    "every": "1",
    "day_count": "30/360",
    "month_end": "last_day",
    "holiday": "none",
    "rounding": "half_up",
}
"""What counts where an address does not say: what the form shows as chosen."""
_OWN = {
    "balloon": RepaymentMethod.BALLOON,
    "step_shares": RepaymentMethod.STEP_UP,
    "custom": RepaymentMethod.CUSTOM,
}
_LEVEL = (
    RepaymentMethod.EQUAL_INSTALMENT,
    RepaymentMethod.EQUAL_PRINCIPAL,
    RepaymentMethod.BALLOON,
    RepaymentMethod.FLAT,
)
"""Methods whose instalments can be a multiple of something."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"\d{1,13}(\.\d{1,10})?", re.ASCII)


def defaults(today: date) -> dict[str, str]:
    """What the form starts with."""
    return {
        **CONVENTIONS,
        "amount": "1000000.00",
        "rate": "4.35",
        "method": "equal_instalment",
        "instalments": "12",
        "drawn_on": today.isoformat(),
    }


@dataclass(frozen=True, slots=True)
class AskedQuote:
    """What is to be quoted."""

    terms: ScheduleTerms
    fee: Decimal
    tranches: tuple[Tranche, ...]


class QuoteReader(EntryReader):
    """Reads the terms of a quote. Violation: `findings`, each bound to its field."""

    def asked(self) -> AskedQuote:
        """The terms, the fee paid up front and the later drawdowns."""
        currency = Currency(self.choice("currency", tuple(Currency)) or Currency.CNY)
        asked = self._asked(currency)
        fee = self.amount("fee", currency) or Decimal(0)
        tranches = tuple(Tranche(*row) for row in self._dated("tranches", currency))
        self._refuse_of_other_methods(self.text("method"))
        self.refuse_findings()
        try:
            terms = ScheduleTerms(**asked)  # type: ignore[arg-type] # the names are checked
            return AskedQuote(terms, fee, tranches)
        except LoanRuleViolation as refused:
            rule = refused.code.removeprefix("terms.")
            self.find(FIELD_OF_RULE.get(rule, "amount"), refused.code, **refused.params)
            self.refuse_findings()
            raise

    def _refuse_of_other_methods(self, method: str) -> None:
        """An entry the method makes nothing of would be a figure nobody meant."""
        for name, own in _OWN.items():
            if self.text(name).strip() and method != own:
                self.find(name, "plan.not_of_method")
        if self.text("multiple").strip() and method not in _LEVEL:
            self.find("multiple", "plan.not_of_method")

    def _asked(self, currency: Currency) -> dict[str, object]:
        method = self.choice("method", tuple(RepaymentMethod))
        rows = self._custom(currency) if method == RepaymentMethod.CUSTOM else []
        balloon = self.amount("balloon", currency) if method == RepaymentMethod.BALLOON else None
        steps = tuple(self._shares()) if method == RepaymentMethod.STEP_UP else ()
        settlement = self.whole("settlement_day", 1, 27) if self.text("settlement_day") else None
        return {
            "principal": self.amount("amount", currency, must=True) or Decimal(0),
            "currency": currency,
            "yearly_rate": self._rate(),
            "method": RepaymentMethod(method or RepaymentMethod.EQUAL_INSTALMENT),
            "drawn_on": self.day("drawn_on", must=True) or date.min,
            "instalments": len(rows)
            if rows
            else self.whole("instalments", 1, LINES_MAX, "quote.instalments"),
            "unit": PeriodUnit(self.choice("unit", tuple(PeriodUnit)) or PeriodUnit.MONTH),
            "every": self.whole("every", 1, 366),
            "first_due_on": self.day("first_due_on"),
            "settlement_day": settlement,
            "matures_on": self.day("matures_on"),
            "day_count": DayCount(self.choice("day_count", DAY_COUNTS) or DayCount.THIRTY_360),
            "rounding": self._rounding(currency),
            "month_end": MonthEnd(self.choice("month_end", tuple(MonthEnd)) or MonthEnd.LAST_DAY),
            "holiday": HolidayRule(self.choice("holiday", tuple(HolidayRule)) or HolidayRule.NONE),
            "principal_grace": self._count("principal_grace"),
            "interest_payment_grace": self._count("interest_payment_grace"),
            "interest_free": self._count("interest_free"),
            "balloon": balloon,
            "step_shares": steps,
            "custom": tuple(CustomRow(day, amount) for day, amount in rows),
            "down_payment_share": self.percent("down_payment"),
        }

    def _rate(self) -> Decimal:
        rate = self.percent("rate", must=True)
        if rate > SCHEDULE_RATE_MAX:
            self.find("rate", "terms.rate")
        return rate

    def _count(self, name: str) -> int:
        return self.whole(name, 0, LINES_MAX) if self.text(name) else 0

    def _custom(self, currency: Currency) -> list[tuple[date, Decimal]]:
        if not self.text("custom").strip():
            self.find("custom", "field.required")
        return self._dated("custom", currency)

    def _shares(self) -> Iterator[Decimal]:
        for text in re.split(r"[\s,;]+", self.text("step_shares").strip()):
            if not _NUMBER.fullmatch(text):
                self.find("step_shares", "terms.step_shares")
                return
            yield Decimal(text) / 100

    def _rounding(self, currency: Currency) -> Rounding:
        mode = self.choice("rounding", ROUNDINGS) if self.text("rounding") else ROUNDINGS[0]
        multiple = self.amount("multiple", currency)
        return Rounding(RoundingMode(mode or ROUNDINGS[0]), instalment_multiple_of=multiple)

    def _dated(self, name: str, currency: Currency) -> list[tuple[date, Decimal]]:
        """One row a line: date, then amount."""
        lines = self.text(name).strip().splitlines()
        rows: list[tuple[date, Decimal]] = []
        for line in lines if len(lines) <= LINES_MAX else ("",):
            try:
                day, amount = re.split(r"[\s,;]+", line.strip(), maxsplit=1)
                on = date.fromisoformat(day if _DAY.fullmatch(day) else "")
                rows.append((on, parse_amount(amount, currency)))
            except (ValueError, LoanRuleViolation):
                self.find(name, "quote.rows", max=str(LINES_MAX))
                return []
        return rows


def quote_reader(params: Mapping[str, str]) -> QuoteReader:
    """A reader of an address's parameters."""
    return QuoteReader(FormData({**CONVENTIONS, **params}))
