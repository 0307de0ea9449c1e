"""Whether a firm's yearly statements hold together: errors refuse them, doubts are for a person.

Amounts are in one unit of one currency. All findings come back at once, oldest year first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from domain.financials.statement import LINES, REQUIRED_LINES, FinancialStatement
from domain.violations import Finding

TOLERANCE = Decimal("0.01")
TOLERANCE_SHARE = Decimal("0.001")
"""Sheets rounded to thousands miss by a little: the larger of one cent and 0.1 % of the whole."""
YEARS_WANTED = 3

_ZERO = Decimal(0)
_SIGNED = {line.name: line.signed for line in LINES}
_WHOLES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("current_assets", ("cash", "receivables", "prepayments", "inventory")),
    ("total_assets", ("current_assets", "fixed_assets")),
    ("current_liabilities", ("short_term_debt", "payables", "advances_received")),
    ("total_liabilities", ("current_liabilities", "long_term_debt")),
)
_FLOWS = ("operating_cash_flow", "investing_cash_flow", "financing_cash_flow")


class Weight(StrEnum):
    """What a finding does: an error refuses the statements, a doubt is put before a person."""

    ERROR = "error"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class StatementFinding:
    """One finding on one line of one year. `params` holds names and years, never an amount."""

    year: int
    line: str
    code: str
    weight: Weight = Weight.ERROR
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def at_field(self) -> Finding:
        """The finding where a form shows it."""
        return Finding(f"statements.{self.year}.{self.line}", self.code, self.params)


def errors_of(findings: Sequence[StatementFinding]) -> tuple[Finding, ...]:
    """Those that refuse, at their fields."""
    return tuple(found.at_field for found in findings if found.weight is Weight.ERROR)


def doubts_of(findings: Sequence[StatementFinding]) -> tuple[StatementFinding, ...]:
    """Those that a person has to weigh."""
    return tuple(found for found in findings if found.weight is Weight.DOUBT)


def check_statements(
    filed: Sequence[FinancialStatement],
    known: Sequence[FinancialStatement] = (),
    *,
    today: date | None = None,
) -> tuple[StatementFinding, ...]:
    """Every finding on the statements filed, beside the years already known.

    A filed year takes the place of a known one. Errors: those of `check_statement`,
    `statement.year_twice`, `statement.year_missing`, `statement.currencies`. Doubts: those of
    `check_statement` and `check_pair`, `statement.few_years`. With `today`, a year that has not
    ended is `statement.year_not_over`.
    """
    merged = {each.year: each for each in known} | {each.year: each for each in filed}
    years = sorted(merged)
    ours = {each.year for each in filed}
    found = [*_years(filed, years)]
    if today is not None:
        early = (each for each in filed if (each.ended_on or date(each.year, 12, 31)) >= today)
        found += [StatementFinding(each.year, "year", "statement.year_not_over") for each in early]
    for year in years:
        if year in ours:
            found += check_statement(merged[year])
        earlier = merged.get(year - 1)
        if earlier is not None and ours & {year, year - 1}:
            found += check_pair(merged[year], earlier)
    return tuple(sorted(found, key=lambda each: each.year))


def balances(statement: FinancialStatement) -> bool | None:
    """Whether assets equal liabilities and equity; None where one of the three is not stated."""
    gap = balance_gap(statement)
    assets = statement.line("total_assets")
    return None if gap is None or assets is None else abs(gap) <= tolerance(assets)


def balance_gap(statement: FinancialStatement) -> Decimal | None:
    """Assets less liabilities and equity, exactly; None where one of the three is not stated."""
    assets, owed = statement.line("total_assets"), statement.line("total_liabilities")
    equity = statement.line("equity")
    return None if assets is None or owed is None or equity is None else assets - owed - equity


def tolerance(whole: Decimal) -> Decimal:
    """What a sum may miss a whole by, in the whole's own unit."""
    return max(TOLERANCE, abs(whole) * TOLERANCE_SHARE)


def check_statement(statement: FinancialStatement) -> Iterator[StatementFinding]:
    """The findings on one year by itself.

    Errors: `statement.line_unknown`, `statement.line_missing`, `statement.line_negative`,
    `statement.no_assets`, `statement.unbalanced`, `statement.part_exceeds_whole`,
    `statement.parts_exceed_whole`. Doubts: `statement.retained_above_equity`,
    `statement.ebit_differs`, `statement.profit_differs`, `statement.profit_sign`,
    `statement.no_revenue`, `statement.unaudited`.
    """
    yield from _lines(statement)
    yield from _sheet(statement)
    yield from _profit(statement)
    if not statement.audited:
        yield _doubt(statement.year, "total_assets", "statement.unaudited")


def check_pair(
    later: FinancialStatement, earlier: FinancialStatement
) -> Iterator[StatementFinding]:
    """The doubts between a year and the one before it.

    Doubts: `statement.cash_roll`, `statement.retained_rose_more`, `statement.retained_rose_less`,
    `statement.unit_jump`.
    """
    yield from _cash_roll(later, earlier)
    yield from _retained_roll(later, earlier)
    now, before = later.line("total_assets"), earlier.line("total_assets")
    if now and before and not before / UNIT_JUMP < now < before * UNIT_JUMP:
        yield _doubt(later.year, "total_assets", "statement.unit_jump", {"year": str(earlier.year)})


UNIT_JUMP = Decimal(50)
"""A firm does not grow or shrink this many times in a year; a wrong unit (元, 万元) does."""
PROFIT_SHARE = Decimal("0.05")
"""Other income and gains may explain this share of revenue between the lines of a profit."""
RETAINED_SHARE = Decimal("0.5")
"""Dividends and reserves (法定盈余公积 is a tenth) usually take less of a profit than this."""


def _years(filed: Sequence[FinancialStatement], years: Sequence[int]) -> Iterator[StatementFinding]:
    counted = [each.year for each in filed]
    for year in sorted({year for year in counted if counted.count(year) > 1}):
        yield StatementFinding(year, "year", "statement.year_twice")
    for first, then in pairwise(years):
        for year in range(first + 1, min(then, first + 1 + YEARS_WANTED)):
            params = {"year": str(year)}
            yield StatementFinding(year, "year", "statement.year_missing", params=params)
    if len({each.currency for each in filed}) > 1:
        yield StatementFinding(max(counted), "currency", "statement.currencies")
    if years and len(years) < YEARS_WANTED:
        params = {"wanted": str(YEARS_WANTED), "found": str(len(years))}
        yield StatementFinding(years[-1], "year", "statement.few_years", Weight.DOUBT, params)


def _lines(statement: FinancialStatement) -> Iterator[StatementFinding]:
    year = statement.year
    for name, amount in statement.lines.items():
        if name not in _SIGNED:
            yield StatementFinding(year, name, "statement.line_unknown")
        elif amount < 0 and not _SIGNED[name]:
            yield StatementFinding(year, name, "statement.line_negative")
    for name in REQUIRED_LINES:
        if statement.line(name) is None:
            yield StatementFinding(year, name, "statement.line_missing")


def _sheet(statement: FinancialStatement) -> Iterator[StatementFinding]:
    year = statement.year
    if statement.line("total_assets") == 0:
        yield StatementFinding(year, "total_assets", "statement.no_assets")
    if balances(statement) is False:
        yield StatementFinding(year, "total_assets", "statement.unbalanced")
    for whole, parts in _WHOLES:
        yield from _parts(statement, whole, parts)
    retained, equity = statement.line("retained_earnings"), statement.line("equity")
    if retained is not None and equity is not None and retained > equity + tolerance(equity):
        yield _doubt(year, "retained_earnings", "statement.retained_above_equity")


def _parts(
    statement: FinancialStatement, whole: str, parts: Sequence[str]
) -> Iterator[StatementFinding]:
    total = statement.line(whole)
    if total is None:
        return
    most = total + tolerance(total)
    stated = {name: statement.line(name) or _ZERO for name in parts}
    above = [name for name, amount in stated.items() if amount > most]
    for name in above:
        params = {"whole": whole}
        yield StatementFinding(statement.year, name, "statement.part_exceeds_whole", params=params)
    if not above and sum(stated.values(), _ZERO) > most:
        params = {"parts": " ".join(name for name in parts if statement.line(name))}
        yield StatementFinding(statement.year, whole, "statement.parts_exceed_whole", params=params)


def _profit(statement: FinancialStatement) -> Iterator[StatementFinding]:
    year, revenue = statement.year, statement.line("revenue")
    ebit, profit = statement.line("ebit"), statement.line("net_profit")
    if revenue == 0:
        yield _doubt(year, "revenue", "statement.no_revenue")
    slack = max(TOLERANCE, (revenue or _ZERO) * PROFIT_SHARE)
    gross, expenses = statement.gross_profit, statement.line("operating_expenses")
    if None not in (gross, expenses, ebit) and _apart(ebit, _less(gross, expenses), slack):
        yield _doubt(year, "ebit", "statement.ebit_differs")
    if ebit is None or profit is None:
        return
    charges = (statement.line("interest_expense"), statement.line("tax"))
    before = ebit - (charges[0] or _ZERO)
    if None not in charges and _apart(profit, before - (charges[1] or _ZERO), slack):
        yield _doubt(year, "net_profit", "statement.profit_differs")
    elif profit > 0 > before:
        yield _doubt(year, "net_profit", "statement.profit_sign")


def _cash_roll(
    later: FinancialStatement, earlier: FinancialStatement
) -> Iterator[StatementFinding]:
    opening, closing = earlier.line("cash"), later.line("cash")
    flows = [later.line(name) for name in _FLOWS]
    if opening is None or closing is None or None in flows:
        return
    moved = sum((flow for flow in flows if flow is not None), _ZERO)
    slack = tolerance(later.line("total_assets") or closing)
    if _apart(closing - opening, moved, slack):
        yield _doubt(later.year, "cash", "statement.cash_roll", {"year": str(earlier.year)})


def _retained_roll(
    later: FinancialStatement, earlier: FinancialStatement
) -> Iterator[StatementFinding]:
    opening, closing = earlier.line("retained_earnings"), later.line("retained_earnings")
    profit = later.line("net_profit")
    if opening is None or closing is None or profit is None:
        return
    slack = tolerance(later.line("total_assets") or closing)
    rose = closing - opening
    if rose > profit + slack:
        yield _doubt(later.year, "retained_earnings", "statement.retained_rose_more")
    elif rose < profit - max(profit * RETAINED_SHARE, _ZERO) - slack:
        yield _doubt(later.year, "retained_earnings", "statement.retained_rose_less")


def _apart(left: Decimal | None, right: Decimal | None, slack: Decimal) -> bool:
    return left is not None and right is not None and abs(left - right) > slack


def _less(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return None if left is None or right is None else left - right


def _doubt(
    year: int, line: str, code: str, params: Mapping[str, str] | None = None
) -> StatementFinding:
    return StatementFinding(year, line, code, Weight.DOUBT, params or {})
