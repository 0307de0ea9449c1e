"""What the statements say: ratios of one year, each with its formula or why it cannot be had.

Shares and multiples are plain numbers (0.25 is a quarter), turnover is in days of a 360-day year.
Rounding: HALF_UP to four places, days to one. Balances of a flow's ratio are the mean of both
year ends where the year before is known, else this year's end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from domain.credit_figures import YEAR_DAYS
from domain.financials.statement import FinancialStatement

_FOUR, _TENTH, _ZERO = Decimal("0.0001"), Decimal("0.1"), Decimal(0)
_LARGEST = Decimal(10) ** 9


class RatioKind(StrEnum):
    """How a ratio is shown."""

    MULTIPLE = "multiple"
    SHARE = "share"
    DAYS = "days"


class Reason(StrEnum):
    """Why a ratio cannot be had."""

    LINE_MISSING = "line_missing"
    YEAR_MISSING = "year_missing"
    BASE_ZERO = "base_zero"
    BASE_NEGATIVE = "base_negative"


@dataclass(frozen=True, slots=True)
class Ratio:
    """One ratio of one year. `formula` is in the names of lines; without a value, `reason` says
    why and `lines` which lines it needs and lacks. `averaged`: over both year ends; `year_end`:
    over this year's end only, for want of the one before.
    """

    name: str
    kind: RatioKind
    formula: str
    value: Decimal | None
    reason: Reason | None = None
    lines: tuple[str, ...] = ()
    averaged: bool = False
    year_end: bool = False


@dataclass(frozen=True, slots=True)
class _Years:
    now: FinancialStatement
    before: FinancialStatement | None


class _Unknown(Exception):
    def __init__(self, reason: Reason, *lines: str) -> None:
        super().__init__(reason)
        self.reason, self.lines = reason, lines


_Formula = Callable[[_Years], Decimal]


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    kind: RatioKind
    formula: str
    worked_out: _Formula
    averages: str = ""


def ratios_of(
    statement: FinancialStatement, earlier: FinancialStatement | None = None
) -> tuple[Ratio, ...]:
    """Every ratio of a year. `earlier` is the year right before it; any other is left aside."""
    if earlier is not None and (
        earlier.year != statement.year - 1 or earlier.currency != statement.currency
    ):
        earlier = None
    years = _Years(statement, earlier)
    return tuple(_ratio(rule, years) for rule in _RULES)


def _ratio(rule: _Rule, years: _Years) -> Ratio:
    averaged = years.before is not None and years.before.line(rule.averages) is not None
    try:
        value = rule.worked_out(years)
    except _Unknown as unknown:
        return Ratio(rule.name, rule.kind, rule.formula, None, unknown.reason, unknown.lines)
    unit = _TENTH if rule.kind is RatioKind.DAYS else _FOUR
    within = max(min(value, _LARGEST), -_LARGEST)
    rounded = within.quantize(unit, ROUND_HALF_UP)
    year_end = bool(rule.averages) and not averaged
    return Ratio(rule.name, rule.kind, rule.formula, rounded, averaged=averaged, year_end=year_end)


def _line(statement: FinancialStatement, name: str) -> Decimal:
    if name == "gross_profit":
        return _line(statement, "revenue") - _line(statement, "cost_of_sales")
    amount = statement.line(name)
    if amount is None:
        raise _Unknown(Reason.LINE_MISSING, name)
    return amount


def _mean(years: _Years, name: str) -> Decimal:
    end = _line(years.now, name)
    if years.before is None or years.before.line(name) is None:
        return end
    return (end + _line(years.before, name)) / 2


def _by(part: Decimal, base: Decimal, name: str) -> Decimal:
    """A share of a base that means something only above zero."""
    if base == 0:
        raise _Unknown(Reason.BASE_ZERO, name)
    if base < 0:
        raise _Unknown(Reason.BASE_NEGATIVE, name)
    return part / base


def _of(part: str, base: str) -> _Formula:
    return lambda years: _by(_line(years.now, part), _line(years.now, base), base)


def _on_mean(part: str, base: str) -> _Formula:
    return lambda years: _by(_line(years.now, part), _mean(years, base), base)


def _days(balance: str, flow: str) -> _Formula:
    return lambda years: YEAR_DAYS * _by(_mean(years, balance), _line(years.now, flow), flow)


def _growth(name: str) -> _Formula:
    def worked_out(years: _Years) -> Decimal:
        if years.before is None:
            raise _Unknown(Reason.YEAR_MISSING, str(years.now.year - 1))
        before = _line(years.before, name)
        return _by(_line(years.now, name) - before, before, name)

    return worked_out


def _quick(years: _Years) -> Decimal:
    assets = _line(years.now, "current_assets") - _line(years.now, "inventory")
    assets -= years.now.line("prepayments") or _ZERO
    return _by(assets, _line(years.now, "current_liabilities"), "current_liabilities")


def _cash_to_debt(years: _Years) -> Decimal:
    debt = (years.now.line("short_term_debt") or _ZERO) + _line(years.now, "long_term_debt")
    return _by(_line(years.now, "operating_cash_flow"), debt, "long_term_debt")


_M, _S, _D = RatioKind.MULTIPLE, RatioKind.SHARE, RatioKind.DAYS
_RULES: tuple[_Rule, ...] = (
    _Rule(
        *("current_ratio", _M, "current_assets / current_liabilities"),
        _of("current_assets", "current_liabilities"),
    ),
    _Rule(
        *("quick_ratio", _M, "(current_assets - inventory - prepayments) / current_liabilities"),
        _quick,
    ),
    _Rule(
        *("debt_to_assets", _S, "total_liabilities / total_assets"),
        _of("total_liabilities", "total_assets"),
    ),
    _Rule(
        *("debt_to_equity", _M, "total_liabilities / equity"),
        _of("total_liabilities", "equity"),
    ),
    _Rule(
        *("interest_cover", _M, "ebit / interest_expense"),
        _of("ebit", "interest_expense"),
    ),
    _Rule(
        *("cash_to_debt", _M, "operating_cash_flow / (short_term_debt + long_term_debt)"),
        _cash_to_debt,
    ),
    _Rule("gross_margin", _S, "gross_profit / revenue", _of("gross_profit", "revenue")),
    _Rule("operating_margin", _S, "ebit / revenue", _of("ebit", "revenue")),
    _Rule("net_margin", _S, "net_profit / revenue", _of("net_profit", "revenue")),
    _Rule(
        *("return_on_assets", _S, "net_profit / total_assets"),
        _on_mean("net_profit", "total_assets"),
        averages="total_assets",
    ),
    _Rule(
        *("return_on_equity", _S, "net_profit / equity"),
        _on_mean("net_profit", "equity"),
        averages="equity",
    ),
    _Rule(
        *("inventory_days", _D, "360 * inventory / cost_of_sales"),
        _days("inventory", "cost_of_sales"),
        averages="inventory",
    ),
    _Rule(
        *("receivable_days", _D, "360 * receivables / revenue"),
        _days("receivables", "revenue"),
        averages="receivables",
    ),
    _Rule(
        *("payable_days", _D, "360 * payables / cost_of_sales"),
        _days("payables", "cost_of_sales"),
        averages="payables",
    ),
    _Rule("revenue_growth", _S, "revenue / revenue_before - 1", _growth("revenue")),
    _Rule("asset_growth", _S, "total_assets / total_assets_before - 1", _growth("total_assets")),
    _Rule("profit_growth", _S, "net_profit / net_profit_before - 1", _growth("net_profit")),
)
RATIOS = tuple(rule.name for rule in _RULES)
