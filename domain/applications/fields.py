"""The fields of an application draft, as the officer's form shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.day_counts import DayCount
from domain.schedules import HolidayRule, MonthEnd, PeriodUnit, RepaymentMethod


class FieldKind(StrEnum):
    """How a field is typed and read."""

    TEXT = "text"
    PARAGRAPH = "paragraph"
    AMOUNT = "amount"
    INTEGER = "integer"
    CHOICE = "choice"
    DATE = "date"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class DraftField:
    """One field. `models` names the scoring models that ask for it; empty means every case."""

    name: str
    section: str
    kind: FieldKind
    required: bool = True
    choices: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line of a yearly financial statement, in the application's currency."""

    name: str
    may_be_negative: bool = False


YES = "yes"
NO = "no"
DRAFT_CURRENCIES = ("CNY", "USD")

# Sections of GB/T 4754-2017 (国民经济行业分类); finance, households and public bodies do not borrow
# as enterprises here.
INDUSTRIES = ("A", "B", "C", "D", "E", "F", "G", "H", "I", "K", "L", "M", "N", "O", "P", "Q", "R")

_METHODS = tuple(method.value for method in RepaymentMethod)
_UNITS = tuple(unit.value for unit in PeriodUnit)
_DAY_COUNTS = tuple(one.value for one in DayCount)
_MONTH_ENDS = tuple(one.value for one in MonthEnd)
_HOLIDAYS = tuple(one.value for one in HolidayRule)
_SBA = ("li_2018",)

PLAN_SECTION = "repayment"
PLAN_FIELDS: tuple[DraftField, ...] = tuple(
    DraftField(name, PLAN_SECTION, kind, required=False, choices=choices)
    for name, kind, choices in (
        ("period_unit", FieldKind.CHOICE, _UNITS),
        ("period_every", FieldKind.INTEGER, ()),
        ("instalment_count", FieldKind.INTEGER, ()),
        ("settlement_day", FieldKind.INTEGER, ()),
        ("first_due_on", FieldKind.DATE, ()),
        ("day_count", FieldKind.CHOICE, _DAY_COUNTS),
        ("month_end", FieldKind.CHOICE, _MONTH_ENDS),
        ("holiday_rule", FieldKind.CHOICE, _HOLIDAYS),
        ("principal_grace", FieldKind.INTEGER, ()),
        ("interest_payment_grace", FieldKind.INTEGER, ()),
        ("interest_free", FieldKind.INTEGER, ()),
        ("balloon", FieldKind.AMOUNT, ()),
        ("step_shares", FieldKind.PARAGRAPH, ()),
        ("custom_rows", FieldKind.PARAGRAPH, ()),
        ("instalment_multiple", FieldKind.AMOUNT, ()),
        ("down_payment_percent", FieldKind.TEXT, ()),
        ("first_drawdown", FieldKind.AMOUNT, ()),
    )
)
"""How the loan comes back; which of them are asked is the product's and the method's matter."""

DRAFT_FIELDS: tuple[DraftField, ...] = (
    DraftField("product_code", "request", FieldKind.CHOICE),
    DraftField("amount", "request", FieldKind.AMOUNT),
    DraftField("currency", "request", FieldKind.CHOICE, choices=DRAFT_CURRENCIES),
    DraftField("tenor_months", "request", FieldKind.INTEGER),
    DraftField("repayment_method", "request", FieldKind.CHOICE, choices=_METHODS),
    DraftField("purpose", "request", FieldKind.PARAGRAPH),
    DraftField("repayment_source", "request", FieldKind.PARAGRAPH),
    DraftField("refinances", "request", FieldKind.TEXT, required=False),
    *PLAN_FIELDS,
    DraftField("established_on", "enterprise", FieldKind.DATE),
    DraftField("industry", "enterprise", FieldKind.CHOICE, choices=INDUSTRIES),
    DraftField("employees", "enterprise", FieldKind.INTEGER),
    DraftField("legal_representative", "people", FieldKind.TEXT),
    DraftField("handler_name", "people", FieldKind.TEXT),
    DraftField("handler_phone", "people", FieldKind.TEXT),
    DraftField("signatory_name", "people", FieldKind.TEXT),
    DraftField("signatory_email", "people", FieldKind.TEXT),
    DraftField("payee_name", "payee", FieldKind.TEXT),
    DraftField("payee_account", "payee", FieldKind.TEXT),
    DraftField("payee_bank_code", "payee", FieldKind.TEXT),
    DraftField("guaranteed_amount", "guarantee", FieldKind.AMOUNT, models=_SBA),
    DraftField("real_estate_backed", "guarantee", FieldKind.CHOICE, choices=(YES, NO), models=_SBA),
    DraftField("in_recession", "guarantee", FieldKind.CHOICE, choices=(YES, NO), models=_SBA),
)

FIELDS_BY_NAME: dict[str, DraftField] = {field.name: field for field in DRAFT_FIELDS}

STATEMENT_LINES: tuple[StatementLine, ...] = (
    StatementLine("total_assets"),
    StatementLine("current_assets"),
    StatementLine("current_liabilities"),
    StatementLine("total_liabilities"),
    StatementLine("equity", may_be_negative=True),
    StatementLine("retained_earnings", may_be_negative=True),
    StatementLine("revenue"),
    StatementLine("ebit", may_be_negative=True),
    StatementLine("net_profit", may_be_negative=True),
    StatementLine("interest_expense"),
)

LINES_BY_NAME: dict[str, StatementLine] = {line.name: line for line in STATEMENT_LINES}


def asked_fields(model: str, optional: tuple[str, ...] = ()) -> tuple[DraftField, ...]:
    """The fields a product must have filled, by its scoring model and its optional fields."""
    return tuple(
        field
        for field in DRAFT_FIELDS
        if field.required
        and field.name not in optional
        and (not field.models or model in field.models)
    )


def statement_years(today: date, count: int, established_on: date | None = None) -> tuple[int, ...]:
    """The last `count` finished calendar years, newest first, none before the firm existed."""
    years = range(today.year - 1, today.year - 1 - count, -1)
    return tuple(year for year in years if established_on is None or year >= established_on.year)
