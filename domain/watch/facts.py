"""What watching a customer looks at, by name; a fact that is not known is simply not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.financials import FinancialStatement

FactValue = Decimal | bool
DAYS_A_YEAR = 360
"""Days of a year where stock is counted in days. Source: the sheet for working-capital need."""
_FILED_BY = (4, 30)
"""Yearly statements are filed by 30 April. Source: the yearly report rules for firms (6 months at
most; banks ask for four)."""


class FactKind(StrEnum):
    """A number in the fact's own unit, or yes and no."""

    NUMBER = "number"
    FLAG = "flag"


FACTS: Mapping[str, FactKind] = {
    "days_past_due": FactKind.NUMBER,
    "class_rank": FactKind.NUMBER,
    "misuse": FactKind.FLAG,
    "bankruptcy": FactKind.FLAG,
    "account_frozen": FactKind.FLAG,
    "controller_missing": FactKind.FLAG,
    "false_material": FactKind.FLAG,
    "control_change": FactKind.FLAG,
    "lawsuit_to_net_worth": FactKind.NUMBER,
    "notches_down": FactKind.NUMBER,
    "covenant_breached": FactKind.FLAG,
    "overdue_elsewhere": FactKind.NUMBER,
    "revenue_change": FactKind.NUMBER,
    "leverage": FactKind.NUMBER,
    "leverage_rise": FactKind.NUMBER,
    "tax_arrears": FactKind.NUMBER,
    "particulars_changed": FactKind.FLAG,
    "inventory_days_change": FactKind.NUMBER,
    "guarantor_weakened": FactKind.FLAG,
    "ltv_over_cap": FactKind.NUMBER,
    "days_to_expiry": FactKind.NUMBER,
    "statement_days_late": FactKind.NUMBER,
    "limit_use": FactKind.NUMBER,
    "largest_buyer_share": FactKind.NUMBER,
}
"""Units: days; class 1 (pass) to 5 (loss); shares and changes as fractions; arrears in CNY."""


@dataclass(frozen=True)
class WatchFacts:
    """The facts that are known, and what each rests on (a year, an event, a due date).

    The same basis again is the same matter: it does not alarm anew once it was dealt with.
    """

    values: Mapping[str, FactValue] = field(default_factory=dict)
    basis: Mapping[str, str] = field(default_factory=dict)


def statement_facts(statements: Sequence[FinancialStatement], today: date) -> WatchFacts:
    """What the newest yearly statements say, newest first; without any, nothing is known.

    Rounding: none. A change against a year that is not there, or a base of zero, is not known.
    """
    if not statements:
        return WatchFacts()
    new = statements[0]
    old = next((each for each in statements if each.year == new.year - 1), None)
    found: dict[str, Decimal | None] = {
        "leverage": _leverage(new),
        "statement_days_late": Decimal(days_late(new.year, today)),
    }
    if old is not None:
        found |= {
            "revenue_change": _change(new.line("revenue"), old.line("revenue")),
            "leverage_rise": _less(_leverage(new), _leverage(old)),
            "inventory_days_change": _change(inventory_days(new), inventory_days(old)),
        }
    values = {name: value for name, value in found.items() if value is not None}
    return WatchFacts(values, dict.fromkeys(values, str(new.year)))


def days_late(newest_year: int, today: date) -> int:
    """Days since the next year's statement should have been filed; zero while it is not due."""
    due_on = date(newest_year + 2, *_FILED_BY)
    return max((today - due_on).days, 0)


def inventory_days(statement: FinancialStatement) -> Decimal | None:
    """How many days of sales at cost lie in stock; None where a line is missing or zero."""
    stock, cost = statement.line("inventory"), statement.line("cost_of_sales")
    return None if stock is None or not cost else stock * DAYS_A_YEAR / cost


def merged(*parts: WatchFacts) -> WatchFacts:
    """Facts of several places; a later place counts before an earlier one."""
    values: dict[str, FactValue] = {}
    basis: dict[str, str] = {}
    for part in parts:
        values |= part.values
        basis |= part.basis
    return WatchFacts(values, basis)


def _leverage(statement: FinancialStatement) -> Decimal | None:
    debts, assets = statement.line("total_liabilities"), statement.line("total_assets")
    return None if debts is None or not assets else debts / assets


def _change(new: Decimal | None, old: Decimal | None) -> Decimal | None:
    return None if new is None or old is None or old <= 0 else new / old - 1


def _less(new: Decimal | None, old: Decimal | None) -> Decimal | None:
    return None if new is None or old is None else new - old
