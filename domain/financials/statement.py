"""One year of a firm's statements, line by line. Amounts are in one unit of one currency.

Source: the lines of the model statements for firms (财会〔2019〕6号), condensed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class LineKind(StrEnum):
    """Which sheet a line belongs to."""

    BALANCE = "balance"
    INCOME = "income"
    CASH = "cash"
    MARKET = "market"


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A line of the sheets. `signed` lines may be below zero; the others may not."""

    name: str
    kind: LineKind
    required: bool = False
    signed: bool = False


LINES: tuple[StatementLine, ...] = (
    StatementLine("cash", LineKind.BALANCE),
    StatementLine("receivables", LineKind.BALANCE, required=True),
    StatementLine("prepayments", LineKind.BALANCE),
    StatementLine("inventory", LineKind.BALANCE, required=True),
    StatementLine("current_assets", LineKind.BALANCE, required=True),
    StatementLine("fixed_assets", LineKind.BALANCE),
    StatementLine("total_assets", LineKind.BALANCE, required=True),
    StatementLine("short_term_debt", LineKind.BALANCE),
    StatementLine("payables", LineKind.BALANCE),
    StatementLine("advances_received", LineKind.BALANCE),
    StatementLine("current_liabilities", LineKind.BALANCE, required=True),
    StatementLine("long_term_debt", LineKind.BALANCE, required=True),
    StatementLine("total_liabilities", LineKind.BALANCE, required=True),
    StatementLine("equity", LineKind.BALANCE, required=True, signed=True),
    StatementLine("retained_earnings", LineKind.BALANCE, required=True, signed=True),
    StatementLine("revenue", LineKind.INCOME, required=True),
    StatementLine("cost_of_sales", LineKind.INCOME, required=True),
    StatementLine("operating_expenses", LineKind.INCOME),
    StatementLine("depreciation", LineKind.INCOME),
    StatementLine("ebit", LineKind.INCOME, required=True, signed=True),
    StatementLine("interest_expense", LineKind.INCOME),
    StatementLine("tax", LineKind.INCOME, signed=True),
    StatementLine("net_profit", LineKind.INCOME, required=True, signed=True),
    StatementLine("operating_cash_flow", LineKind.CASH, signed=True),
    StatementLine("investing_cash_flow", LineKind.CASH, signed=True),
    StatementLine("financing_cash_flow", LineKind.CASH, signed=True),
    StatementLine("market_value", LineKind.MARKET),
)
REQUIRED_LINES = tuple(line.name for line in LINES if line.required)


@dataclass(frozen=True, slots=True)
class FinancialStatement:
    """One financial year. A line nobody stated is absent from `lines`, which is not zero."""

    year: int
    currency: str
    lines: Mapping[str, Decimal]
    audited: bool = False
    ended_on: date | None = None

    def line(self, name: str) -> Decimal | None:
        """The amount stated, or None."""
        return self.lines.get(name)

    @property
    def ebitda(self) -> Decimal | None:
        """EBIT before depreciation and amortisation; None where either is not stated."""
        ebit, depreciation = self.line("ebit"), self.line("depreciation")
        return None if ebit is None or depreciation is None else ebit + depreciation

    @property
    def gross_profit(self) -> Decimal | None:
        """Revenue less cost of sales; None where either is not stated."""
        revenue, cost = self.line("revenue"), self.line("cost_of_sales")
        return None if revenue is None or cost is None else revenue - cost
