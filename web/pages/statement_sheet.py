"""Yearly statements side by side: lines with their change, balance marks, ratios, a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from domain.financials import LINES, FinancialStatement, LineKind
from domain.financials.checks import StatementFinding, balance_gap, balances, check_statements
from domain.financials.ratios import Ratio, ratios_of

YEARS_SHOWN = 6
WIDTH, HEIGHT = Decimal(1000), Decimal(160)
_TENTH, _PERMILLE = Decimal("0.1"), Decimal("0.001")
_GAP = Decimal("0.35")  # of a year's own place
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class SheetCell:
    """An amount, its change on the year before as a fraction where there is one, and what was
    held of this very year where the two differ.
    """

    amount: Decimal | None
    change: Decimal | None
    was: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A line year by year."""

    line: str
    cells: tuple[SheetCell, ...]


@dataclass(frozen=True, slots=True)
class SheetYear:
    """The head of a column. `balanced` is None where the sheet does not say."""

    statement: FinancialStatement
    balanced: bool | None
    gap: Decimal | None


@dataclass(frozen=True, slots=True)
class RatioRow:
    """A ratio year by year."""

    name: str
    ratios: tuple[Ratio, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar above or below the line of zero, in the picture's own units."""

    kind: str
    year: int
    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal


@dataclass(frozen=True, slots=True)
class Picture:
    """Revenue and net profit of each year on one scale; `zero` is the height of nothing."""

    width: Decimal
    height: Decimal
    zero: Decimal
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class StatementSheet:
    """Years side by side, the oldest first, as people read statements."""

    years: tuple[SheetYear, ...]
    parts: tuple[tuple[str, tuple[SheetRow, ...]], ...]
    ratios: tuple[RatioRow, ...]
    findings: tuple[StatementFinding, ...]
    picture: Picture | None


def sheet_of(
    statements: Sequence[FinancialStatement], known: Sequence[FinancialStatement] = ()
) -> StatementSheet | None:
    """The sheet of some years; None where there are none. `known` are years held beside them."""
    shown = sorted(statements, key=lambda each: each.year)[-YEARS_SHOWN:]
    if not shown:
        return None
    by_year = {each.year: each for each in known} | {each.year: each for each in statements}
    return StatementSheet(
        years=tuple(SheetYear(each, balances(each), balance_gap(each)) for each in shown),
        parts=tuple(_parts(shown, by_year, {each.year: each for each in known})),
        ratios=_ratios(shown, by_year),
        findings=check_statements(shown, known),
        picture=_picture(shown),
    )


_ByYear = dict[int, FinancialStatement]


def _parts(
    shown: Sequence[FinancialStatement], by_year: _ByYear, held: _ByYear
) -> list[tuple[str, tuple[SheetRow, ...]]]:
    """Only lines that some year states."""
    parts = []
    for kind in LineKind:
        names = [line.name for line in LINES if line.kind is kind]
        stated = [name for name in names if any(each.line(name) is not None for each in shown)]
        rows = (
            SheetRow(name, tuple(_cell(each, by_year, held, name) for each in shown))
            for name in stated
        )
        if stated:
            parts.append((kind.value, tuple(rows)))
    return parts


def _cell(statement: FinancialStatement, by_year: _ByYear, held: _ByYear, name: str) -> SheetCell:
    amount = statement.line(name)
    known = held.get(statement.year)
    was = known.line(name) if known and known.line(name) != amount else None
    earlier = by_year.get(statement.year - 1)
    before = earlier.line(name) if earlier and earlier.currency == statement.currency else None
    if amount is None or not before:
        return SheetCell(amount, None, was)
    change = ((amount - before) / abs(before)).quantize(_PERMILLE, ROUND_HALF_UP)
    return SheetCell(amount, change, was)


def _ratios(shown: Sequence[FinancialStatement], by_year: _ByYear) -> tuple[RatioRow, ...]:
    columns = [ratios_of(each, by_year.get(each.year - 1)) for each in shown]
    rows = zip(*columns, strict=True)
    return tuple(RatioRow(row[0].name, tuple(row)) for row in rows)


def _picture(shown: Sequence[FinancialStatement]) -> Picture | None:
    """None where nothing can be drawn, or the years are in several currencies."""
    amounts = [
        amount
        for each in shown
        for amount in (each.line("revenue"), each.line("net_profit"))
        if amount is not None
    ]
    if not any(amounts) or len({each.currency for each in shown}) > 1:
        return None
    top, bottom = max(*amounts, _ZERO), min(*amounts, _ZERO)
    scale = HEIGHT / (top - bottom)
    place = WIDTH / len(shown)
    bars = []
    for index, each in enumerate(shown):
        left, half = place * (index + _GAP / 2), place * (1 - _GAP) / 2
        for number, kind in enumerate(("revenue", "net_profit")):
            amount = each.line(kind)
            if amount is not None:
                at = left + half * number
                bars.append(_bar(kind, each.year, at, half, amount, top, scale))
    return Picture(WIDTH, HEIGHT, _tenth(top * scale), tuple(bars))


def _bar(
    kind: str, year: int, x: Decimal, width: Decimal, amount: Decimal, top: Decimal, scale: Decimal
) -> Bar:
    y = _tenth((top - max(amount, _ZERO)) * scale)
    return Bar(kind, year, _tenth(x), y, _tenth(width), _tenth(abs(amount) * scale))


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(_TENTH, ROUND_HALF_UP)
