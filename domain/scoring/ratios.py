"""The ratios a scorecard reads from one year's statements: a sum of lines over one line.

Every ratio divides amounts of one unit, so that neither currency nor unit matters. Where a line
is not stated, or the divisor is not above zero, there is no ratio but a named gap: a ratio over
nothing says nothing, and over a negative total it turns its meaning round.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum

from domain.financials.statement import FinancialStatement

Lines = Mapping[str, Decimal]
_NOTHING = Decimal(0)
_DIGITS = Context(prec=16)
"""Sixteen digits: finer than any statement, and always the same whatever context is set."""


class Gap(StrEnum):
    """Why there is no ratio."""

    NOT_STATED = "not_stated"
    ZERO_DIVISOR = "zero_divisor"
    NEGATIVE_DIVISOR = "negative_divisor"


@dataclass(frozen=True, slots=True)
class Ratio:
    """(sum of `plus` - sum of `minus`) / `over`. `higher_is_safer` is economics, not fit."""

    name: str
    plus: tuple[str, ...]
    over: str
    higher_is_safer: bool
    minus: tuple[str, ...] = ()

    @property
    def formula(self) -> str:
        """The ratio in the names of the lines."""
        above = " + ".join(self.plus) + "".join(f" - {line}" for line in self.minus)
        return (
            f"({above}) / {self.over}"
            if len(self.plus + self.minus) > 1
            else f"{above} / {self.over}"
        )

    def of(self, lines: Lines) -> Decimal | Gap:
        """The value to sixteen digits, or why there is none."""
        divisor = lines.get(self.over)
        if divisor is None:
            return Gap.NOT_STATED
        if divisor <= 0:
            return Gap.NEGATIVE_DIVISOR if divisor else Gap.ZERO_DIVISOR
        try:
            above = sum([lines[line] for line in self.plus], _NOTHING)
            for line in self.minus:
                above -= lines[line]
        except KeyError:
            return Gap.NOT_STATED
        return _DIGITS.divide(above, divisor)


_ASSETS, _OWED, _SOON = "total_assets", "total_liabilities", "current_liabilities"

RATIOS: Mapping[str, Ratio] = {
    ratio.name: ratio
    for ratio in (
        Ratio("net_profit_to_assets", ("net_profit",), _ASSETS, True),
        Ratio("ebit_to_assets", ("ebit",), _ASSETS, True),
        Ratio("ebit_to_liabilities", ("ebit",), _OWED, True),
        Ratio("ebitda_to_liabilities", ("ebit", "depreciation"), _OWED, True),
        Ratio("gross_profit_to_assets", ("revenue",), _ASSETS, True, ("cost_of_sales",)),
        Ratio("gross_margin", ("revenue",), "revenue", True, ("cost_of_sales",)),
        Ratio("net_margin", ("net_profit",), "revenue", True),
        Ratio("retained_earnings_to_assets", ("retained_earnings",), _ASSETS, True),
        Ratio("liabilities_to_assets", (_OWED,), _ASSETS, False),
        Ratio("equity_to_liabilities", ("equity",), _OWED, True),
        Ratio("long_term_debt_to_assets", ("long_term_debt",), _ASSETS, False),
        Ratio("current_assets_to_assets", ("current_assets",), _ASSETS, True),
        Ratio("quick_assets_to_assets", ("current_assets",), _ASSETS, True, ("inventory",)),
        Ratio("inventory_to_assets", ("inventory",), _ASSETS, False),
        Ratio("receivables_to_assets", ("receivables",), _ASSETS, False),
        Ratio("depreciation_to_assets", ("depreciation",), _ASSETS, False),
        Ratio("inventory_to_current_liabilities", ("inventory",), _SOON, False),
        Ratio("working_capital_to_assets", ("current_assets",), _ASSETS, True, (_SOON,)),
        Ratio("current_ratio", ("current_assets",), _SOON, True),
        Ratio("quick_ratio", ("current_assets",), _SOON, True, ("inventory",)),
        Ratio("revenue_to_assets", ("revenue",), _ASSETS, True),
        Ratio("revenue_to_current_liabilities", ("revenue",), _SOON, True),
        Ratio("interest_cover", ("ebit",), "interest_expense", True),
        Ratio("cash_flow_to_liabilities", ("operating_cash_flow",), _OWED, True),
    )
}


def ratio_of(statement: FinancialStatement, name: str) -> Decimal | Gap:
    """One ratio of a statement by its name."""
    return RATIOS[name].of(statement.lines)
