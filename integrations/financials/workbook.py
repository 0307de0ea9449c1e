"""A filled-in template read cell by cell: every problem named with its cells, nothing guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any, Protocol

from openpyxl import load_workbook  # type: ignore[import-untyped]  # ships no types
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]  # ships no types
from openpyxl.utils.exceptions import (  # type: ignore[import-untyped]  # ships no types
    InvalidFileException,
)

from domain.financials import LINES
from domain.financials.amounts import AmountUnit, read_stated
from domain.financials.readings import (
    FIRST_YEAR,
    LAST_YEAR,
    ReadFigure,
    Reading,
    StatementSource,
)
from domain.texts import clean_name
from domain.violations import LoanRuleViolation
from integrations.financials.guards import check_workbook
from integrations.financials.labels import UNIT_NAMES
from integrations.financials.refusals import Problems
from integrations.financials.template import (
    COLUMNS_MAX,
    CURRENCIES,
    FIRST_COLUMN,
    HEAD_ROWS,
    MARK,
    NO,
    YES,
)

_ROWS_READ = 200
_CODES = frozenset(line.name for line in LINES)
_YEAR = re.compile(r"([0-9]{4})(?:\.0+)?\s*年?度?")
_DIGITS = 15
"""What Excel itself keeps of a number; what comes after is the noise of its arithmetic."""
_TRUE, _FALSE = (YES, "yes", "y", "true", "1", "√"), (NO, "no", "n", "false", "0", "×")


class _Cell(Protocol):
    value: Any
    data_type: str


@dataclass(frozen=True, slots=True)
class _Grid:
    """One sheet as last calculated, and where its formulas are."""

    cells: Mapping[tuple[int, int], _Cell]
    formulas: frozenset[tuple[int, int]]
    rows: Mapping[str, int]

    def value(self, row: int, column: int) -> Any:
        cell = self.cells.get((row, column))
        return None if cell is None else cell.value


def read_workbook(content: bytes) -> Reading:
    """The figures of a filled-in template.

    Violations: those of `check_workbook`; findings `workbook.wrong_template`,
    `workbook.not_calculated`, `workbook.error_value`, `workbook.not_a_number`,
    `workbook.year_wrong`, `workbook.year_missing`, `workbook.year_twice`, `workbook.unit_wrong`,
    `workbook.currency_wrong`, `workbook.audited_wrong`, `workbook.auditor_wrong`,
    `workbook.no_figures`.
    """
    check_workbook(content)
    grid = _grid(content)
    problems = Problems()
    unit, currency = _unit(grid, problems), _currency(grid, problems)
    years = _years(grid, problems)
    figures = tuple(_figures(grid, years, problems))
    audited = {year: _audited(grid, column, problems) for column, year in years.items()}
    auditors = {year: _auditor(grid, column, problems) for column, year in years.items()}
    problems.refuse()
    if not figures:
        raise LoanRuleViolation("workbook.no_figures")
    return Reading(StatementSource.EXCEL, figures, unit, currency, audited, auditors)


def _grid(content: bytes) -> _Grid:
    try:
        cells = _cells(content, calculated=True)
        formulas = _cells(content, calculated=False)
    except (InvalidFileException, OSError, ValueError, KeyError, TypeError, AttributeError) as bad:
        # The library meets a part that breaks the format with whichever of these comes first.
        raise LoanRuleViolation("workbook.damaged") from bad
    except (IndexError, SyntaxError, OverflowError) as bad:
        raise LoanRuleViolation("workbook.damaged") from bad
    written = frozenset(at for at, cell in formulas.items() if cell.data_type == "f")
    return _Grid(cells, written, _rows(cells))


def _cells(content: bytes, *, calculated: bool) -> dict[tuple[int, int], _Cell]:
    """The cells of the sheet with our mark. Violation: `workbook.wrong_template`."""
    book = load_workbook(BytesIO(content), read_only=True, data_only=calculated, keep_links=False)
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what the sheet says of its size is not believed
            last = FIRST_COLUMN + COLUMNS_MAX
            rows = sheet.iter_rows(max_row=_ROWS_READ, max_col=last)
            cells = {
                (cell.row, cell.column): cell
                for row in rows
                for cell in row
                if cell.value is not None
            }
            if (1, 1) in cells and cells[1, 1].value == MARK:
                return cells
    finally:
        book.close()
    raise LoanRuleViolation("workbook.wrong_template")


def _rows(cells: Mapping[tuple[int, int], _Cell]) -> dict[str, int]:
    """Which row each code stands in: each once, none of another template's."""
    coded = [
        (str(cell.value), row) for (row, column), cell in cells.items() if column == 1 and row > 1
    ]
    rows = dict(coded)
    if len(rows) != len(coded) or rows.keys() != _CODES | set(HEAD_ROWS):
        raise LoanRuleViolation("workbook.wrong_template")
    return rows


def _years(grid: _Grid, problems: Problems) -> dict[int, int]:
    """Column by column the year it is of."""
    row = grid.rows["year"]
    years: dict[int, int] = {}
    for column in range(FIRST_COLUMN, FIRST_COLUMN + COLUMNS_MAX):
        value = grid.value(row, column)
        cell = _name(row, column)
        if value is None or not str(value).strip():
            if any(grid.value(grid.rows[code], column) is not None for code in _CODES):
                problems.add("workbook.year_missing", cell)
            continue
        found = None if isinstance(value, bool) else _YEAR.fullmatch(str(value).strip())
        year = int(found[1]) if found else 0
        if not FIRST_YEAR <= year <= LAST_YEAR:
            problems.add("workbook.year_wrong", cell)
        elif year in years.values():
            problems.add("workbook.year_twice", cell)
        else:
            years[column] = year
    if not years:
        problems.add("workbook.year_missing", _name(row, FIRST_COLUMN))
    return years


def _figures(grid: _Grid, years: Mapping[int, int], problems: Problems) -> Iterator[ReadFigure]:
    for line in LINES:
        row = grid.rows[line.name]
        for column, year in years.items():
            cell = _name(row, column)
            try:
                stated = _stated(grid, row, column)
            except LoanRuleViolation as refused:
                problems.add(refused.code, cell)
                continue
            if stated is not None:
                yield ReadFigure(year, line.name, stated, cell)


def _stated(grid: _Grid, row: int, column: int) -> Decimal | None:
    """Violations: `workbook.not_calculated`, `workbook.error_value`, `workbook.not_a_number`."""
    cell = grid.cells.get((row, column))
    if cell is None:
        if (row, column) in grid.formulas:
            raise LoanRuleViolation("workbook.not_calculated")
        return None
    if cell.data_type == "e":
        raise LoanRuleViolation("workbook.error_value")
    if isinstance(cell.value, str):
        try:
            return read_stated(cell.value)
        except LoanRuleViolation as refused:
            raise LoanRuleViolation("workbook.not_a_number") from refused
    if isinstance(cell.value, bool) or not isinstance(cell.value, int | float):
        raise LoanRuleViolation("workbook.not_a_number")
    exact = Decimal(repr(cell.value))
    if not exact.is_finite():
        raise LoanRuleViolation("workbook.not_a_number")
    return _without_noise(exact)


def _without_noise(number: Decimal) -> Decimal:
    """The number to the 15 digits a workbook keeps, plainly written."""
    kept = Decimal(f"{number:.{_DIGITS - 1}E}").normalize()
    return kept.quantize(Decimal(1)) if kept == kept.to_integral_value() else kept


def _unit(grid: _Grid, problems: Problems) -> AmountUnit | None:
    row = grid.rows["unit"]
    said = str(grid.value(row, FIRST_COLUMN) or "").strip().lower()
    for unit, names in UNIT_NAMES.items():
        if said in names:
            return unit
    problems.add("workbook.unit_wrong", _name(row, FIRST_COLUMN))
    return None


def _currency(grid: _Grid, problems: Problems) -> str | None:
    row = grid.rows["currency"]
    said = str(grid.value(row, FIRST_COLUMN) or "").strip().upper()
    if said in CURRENCIES:
        return said
    problems.add("workbook.currency_wrong", _name(row, FIRST_COLUMN))
    return None


def _audited(grid: _Grid, column: int, problems: Problems) -> bool:
    row = grid.rows["audited"]
    value = grid.value(row, column)
    said = "" if value is None else str(value).strip().lower()
    if said and said not in (*_TRUE, *_FALSE):
        problems.add("workbook.audited_wrong", _name(row, column))
    return said in _TRUE


def _auditor(grid: _Grid, column: int, problems: Problems) -> str:
    row = grid.rows["auditor"]
    value = grid.value(row, column)
    if value is None:
        return ""
    try:
        return clean_name(str(value))
    except LoanRuleViolation:
        problems.add("workbook.auditor_wrong", _name(row, column))
        return ""


def _name(row: int, column: int) -> str:
    return f"{get_column_letter(column)}{row}"
