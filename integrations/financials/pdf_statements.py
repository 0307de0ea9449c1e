"""The tables of a PDF of yearly statements: which label, which year, which figure.

A column is known by its head: a year, or this year's end and last year's (期末, 期初) of the day
the sheet is titled with. A figure belongs to the label left of it and the head nearest above it.
What is read is a proposal: each figure keeps its page and the text of its row.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from domain.financials import LINES
from domain.financials.amounts import AmountUnit, read_stated
from domain.financials.readings import (
    FIRST_YEAR,
    LAST_YEAR,
    ReadFigure,
    Reading,
    StatementSource,
)
from domain.violations import LoanRuleViolation
from integrations.financials.labels import CURRENCY_NAMES, UNIT_NAMES, line_of
from integrations.financials.pdf_rows import Row, Word, rows_of

_YEAR = r"(?:19[9][0-9]|20[0-9]{2})"
_HEAD = re.compile(
    rf"(?:fy)?(?:{_YEAR})(?:年度?|(?:[-./年])12(?:[-./月])31日?)?(?:[(]?(?:审定|合并|末|余额|金额)[)]?)*"
)
_YEAR_IN = re.compile(rf"(?<![0-9]){_YEAR}(?![0-9])")
_NOW = ("期末余额", "期末数", "年末余额", "年末数", "本期金额", "本年金额", "本期数", "本年累计数")
_BEFORE = (
    "期初余额",
    "期初数",
    "年初余额",
    "年初数",
    "上期金额",
    "上年金额",
    "上期数",
    "上年同期数",
)
_BEFORE_MORE = ("上年年末余额", "上期期末余额", "上年末余额", "上年数")
_NOTES = ("附注", "注释", "行次", "note", "notes")
_UNIT_LINE = re.compile(
    r"(?:金额)?单位[::]?(.*)|(?:unit|currency)s?[::](.*)|\(?(?:expressed)?in(.*)\)?$", re.IGNORECASE
)
_REACH = 70.0
"""Points: a figure further from every head than this belongs to none."""
_WRAPPED = 12
_NOTE_LENGTH, _NOTE_REACH = 10, 20.0
_ITEMS = ("项目", "科目", "资产", "item", "items", *_NOTES)
_Figure = tuple[Word, Decimal]
_NAMES = frozenset(line.name for line in LINES)
_EXPENSES = ("business_tax", "selling", "administration", "research")


@dataclass(frozen=True, slots=True)
class _Column:
    """A head and where its figures end. `year` is None for columns of no figures."""

    right: float
    middle: float
    year: int | None


@dataclass(slots=True)
class _Sheet:
    """What is known while reading on: the heads in force, the titled year, unit and currency,
    and the words of a row without figures, which may go on in the next."""

    columns: tuple[_Column, ...] = ()
    titled: int | None = None
    unit: AmountUnit | None = None
    currency: str | None = None
    above: tuple[str, ...] = ()
    found: dict[tuple[str, int], ReadFigure] = field(default_factory=dict)


def read_pdf(content: bytes) -> Reading:
    """The figures of a PDF's tables.

    Violations: those of `rows_of`, `pdf.no_years` where no column has a year, `pdf.no_figures`
    where no row is a known line.
    """
    sheet = _Sheet()
    heads = False
    for row in rows_of(content):
        _take_row(sheet, row)
        heads = heads or bool(sheet.columns)
    if not heads:
        raise LoanRuleViolation("pdf.no_years")
    _add_up(sheet)
    figures = tuple(figure for (line, _), figure in sorted(sheet.found.items()) if line in _NAMES)
    if not figures:
        raise LoanRuleViolation("pdf.no_figures")
    return Reading(StatementSource.PDF, figures, sheet.unit, sheet.currency)


def _take_row(sheet: _Sheet, row: Row) -> None:
    segments = [
        (_line(label) or _line((*sheet.above, *label)), figures)
        for label, figures in _segments(sheet.columns, row)
    ]
    if any(figures and line for line, figures in segments):
        for line, figures in segments:
            _take_figures(sheet, row, line, figures)
        sheet.above = ()
        return
    sheet.above = tuple(word.text for word in row.words) if len(row.words) < _WRAPPED else ()
    plain = _plain("".join(word.text for word in row.words))
    _take_unit(sheet, plain)
    columns = _heads(row, sheet.titled)
    if columns:
        sheet.columns = columns
        return
    years = {int(year) for year in _YEAR_IN.findall(plain)}
    if len(plain) < 80 and len(years) == 1:
        sheet.titled = years.pop()


def _take_unit(sheet: _Sheet, plain: str) -> None:
    said = _UNIT_LINE.search(plain)
    if said is None or len(plain) > 120:
        return
    text = next(part for part in said.groups() if part is not None)
    units = [
        (len(name), unit) for unit, names in UNIT_NAMES.items() for name in names if name in text
    ]
    if units and sheet.unit is None:
        sheet.unit = max(units, key=lambda found: found[0])[1]
    currencies = [
        (len(name), code)
        for code, names in CURRENCY_NAMES.items()
        for name in names
        if name in text
    ]
    if currencies and sheet.currency is None:
        sheet.currency = max(currencies)[1]


def _heads(row: Row, titled: int | None) -> tuple[_Column, ...]:
    """The columns a row heads; none where the row heads nothing, as a title does."""
    found = [column for word in row.words if (column := _head(word, titled)) is not None]
    years = [column for column in found if column.year is not None]
    lone = len(years) == 1 and not any(_plain(word.text) in _ITEMS for word in row.words)
    return () if not years or lone else tuple(found)


def _head(word: Word, titled: int | None) -> _Column | None:
    plain = _plain(word.text)
    middle = (word.left + word.right) / 2
    if plain in _NOTES:
        return _Column(word.right, middle, None)
    if _HEAD.fullmatch(plain):
        year = int(_YEAR_IN.findall(plain)[0]) if _YEAR_IN.findall(plain) else 0
        return _Column(word.right, middle, year) if FIRST_YEAR <= year <= LAST_YEAR else None
    if titled is not None and plain in _NOW:
        return _Column(word.right, middle, titled)
    if titled is not None and plain in (*_BEFORE, *_BEFORE_MORE):
        return _Column(word.right, middle, titled - 1)
    return None


def _segments(columns: Sequence[_Column], row: Row) -> Iterator[tuple[list[str], list[_Figure]]]:
    """Label after label with the figures that follow it: a sheet may have two sides."""
    label: list[str] = []
    figures: list[_Figure] = []
    for word in row.words:
        if _in_notes(columns, word):
            continue
        try:
            amount = read_stated(word.text)
        except LoanRuleViolation:
            if figures:
                yield label, figures
                label, figures = [], []
            label.append(word.text)
            continue
        if amount is not None:
            figures.append((word, amount))
    if label or figures:
        yield label, figures


def _in_notes(columns: Sequence[_Column], word: Word) -> bool:
    """Whether a short word stands in a column of notes (附注), which holds no figures."""
    middle = (word.left + word.right) / 2
    notes = (column.middle for column in columns if column.year is None)
    return len(word.text) <= _NOTE_LENGTH and any(abs(middle - at) < _NOTE_REACH for at in notes)


def _line(label: Sequence[str]) -> str | None:
    """The line the words name, the last left out where it is a note's number."""
    return line_of(" ".join(label)) or (line_of(" ".join(label[:-1])) if label[1:] else None)


def _take_figures(sheet: _Sheet, row: Row, line: str | None, figures: Sequence[_Figure]) -> None:
    """Each head takes the figure nearest to it."""
    taken: dict[_Column, tuple[float, Decimal]] = {}
    for word, amount in figures:
        column, away = _above(sheet.columns, word)
        if column is not None and away < min(_REACH, taken.get(column, (_REACH,))[0]):
            taken[column] = (away, amount)
    for column, (_, amount) in sorted(taken.items(), key=lambda each: each[0].middle):
        if line is not None and column.year is not None:
            _keep(sheet, ReadFigure(column.year, line, amount, str(row.page), row.text))


def _keep(sheet: _Sheet, figure: ReadFigure) -> None:
    """The first of a line and year stands (合并 comes before 母公司); others are kept beside it."""
    key = (figure.line, figure.year)
    first = sheet.found.setdefault(key, figure)
    if first is not figure and first.stated != figure.stated:
        other = (figure.place, figure.stated)
        if other not in first.others:
            sheet.found[key] = replace(first, others=(*first.others, other))


def _above(columns: Sequence[_Column], word: Word) -> tuple[_Column | None, float]:
    """The head nearest: figures stand under its right edge or under its middle."""
    middle = (word.left + word.right) / 2

    def away(column: _Column) -> float:
        return min(abs(column.right - word.right), abs(column.middle - middle))

    nearest = min(columns, key=away, default=None)
    return nearest, _REACH if nearest is None else away(nearest)


def _add_up(sheet: _Sheet) -> None:
    """Lines a Chinese sheet does not print: EBIT is profit before tax and interest."""
    for year in {year for _, year in sheet.found}:
        _sum_into(sheet, year, "ebit", ("profit_before_tax", "interest_expense"), needs_all=True)
        _sum_into(sheet, year, "operating_expenses", _EXPENSES, needs_all=False)


def _sum_into(
    sheet: _Sheet, year: int, line: str, parts: Sequence[str], *, needs_all: bool
) -> None:
    found = [sheet.found[part, year] for part in parts if (part, year) in sheet.found]
    if (line, year) in sheet.found or not found or (needs_all and len(found) != len(parts)):
        return
    stated = sum((part.stated for part in found), Decimal(0))
    row = " + ".join(part.row for part in found)
    sheet.found[line, year] = ReadFigure(year, line, stated, found[0].place, row)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())
