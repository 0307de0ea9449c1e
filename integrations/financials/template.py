"""The Excel template: one column a year, a code beside each line, all else locked."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook  # type: ignore[import-untyped]  # ships no types
from openpyxl.styles import (  # type: ignore[import-untyped]  # ships no types
    Alignment,
    Font,
    PatternFill,
    Protection,
)
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]  # ships no types
from openpyxl.worksheet.datavalidation import (  # type: ignore[import-untyped]  # ships no types
    DataValidation,
)
from openpyxl.worksheet.worksheet import Worksheet  # type: ignore[import-untyped]

from domain.financials import LINES, LineKind, StatementLine
from domain.financials.amounts import AmountUnit
from domain.financials.readings import FIRST_YEAR, LAST_YEAR
from integrations.financials.labels import LINE_NAMES, UNIT_NAMES

MARK = "corploan.statements/1"
"""Stands in A1 and tells this template from any other workbook."""
FIRST_COLUMN = 4
COLUMNS_MAX = 6
HEAD_ROWS = ("currency", "unit", "year", "audited", "auditor")
CURRENCIES = ("CNY", "USD", "EUR", "HKD")
YES, NO = "是", "否"

_HEADS = {
    "currency": ("币种", "Currency"),
    "unit": ("金额单位", "Unit of amounts"),
    "year": ("年度", "Year"),
    "audited": ("是否经审计", "Audited"),
    "auditor": ("审计机构", "Auditor"),
}
_KINDS = {
    LineKind.BALANCE: ("资产负债表", "Balance sheet"),
    LineKind.INCOME: ("利润表", "Income statement"),
    LineKind.CASH: ("现金流量表", "Cash flow statement"),
    LineKind.MARKET: ("市场数据", "Market data"),
}
_TITLE = "企业财务报表  Financial statements"
_NOTE = (
    "请只填写浅黄色单元格；带 * 的项目必填；没有的项目留空，为零填 0。"
    "Fill in the pale yellow cells only; lines with * are required; leave out what there is not,"
    " and write 0 for zero."
)
_CHECK = ("校验：资产－负债－权益（应为 0）", "Check: assets - liabilities - equity (must be 0)")
_OPEN = PatternFill("solid", fgColor="FFF7DB")
_BOLD = Font(bold=True)


def template_of(years: Sequence[int]) -> bytes:
    """An empty workbook of these years, oldest first; at most six."""
    book = Workbook()
    sheet = book.active
    sheet.title = "财务报表 Statements"
    count = len(years[:COLUMNS_MAX])
    rows = _write_heads(sheet, years[:COLUMNS_MAX])
    _write_lines(sheet, rows, count)
    _finish(sheet, count)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _write_heads(sheet: Worksheet, years: Sequence[int]) -> int:
    """The title and what holds for a whole column; returns the next free row."""
    sheet["A1"], sheet["B1"], sheet["B2"] = MARK, _TITLE, _NOTE
    sheet["B1"].font = Font(bold=True, size=14)
    sheet["B2"].alignment = Alignment(wrap_text=True, vertical="top")
    sheet.merge_cells(start_row=2, end_row=2, start_column=2, end_column=FIRST_COLUMN + 2)
    sheet.row_dimensions[2].height = 48
    for row, code in enumerate(HEAD_ROWS, start=3):
        _name_row(sheet, row, code, *_HEADS[code])
        own = (FIRST_COLUMN,) if code in ("currency", "unit") else _columns(len(years))
        for column in own:
            _open(sheet, row, column)
    sheet.cell(3, FIRST_COLUMN).value = CURRENCIES[0]
    sheet.cell(4, FIRST_COLUMN).value = UNIT_NAMES[AmountUnit.ONE][0]
    for column, year in zip(_columns(len(years)), years, strict=True):
        sheet.cell(5, column).value = year
    units = ",".join(names[0] for names in UNIT_NAMES.values())
    letter, last = get_column_letter(FIRST_COLUMN), get_column_letter(FIRST_COLUMN + len(years) - 1)
    _validate(sheet, f"{letter}3", type="list", formula1=f'"{",".join(CURRENCIES)}"')
    _validate(sheet, f"{letter}4", type="list", formula1=f'"{units}"')
    bounds = {"formula1": str(FIRST_YEAR), "formula2": str(LAST_YEAR)}
    _validate(sheet, f"{letter}5:{last}5", type="whole", operator="between", **bounds)
    _validate(sheet, f"{letter}6:{last}6", type="list", formula1=f'"{YES},{NO}"')
    return 3 + len(HEAD_ROWS)


def _write_lines(sheet: Worksheet, row: int, count: int) -> None:
    at: dict[str, int] = {}
    for kind, titles in _KINDS.items():
        row += 1
        for column, title in enumerate(titles, start=2):
            sheet.cell(row, column).value = title
            sheet.cell(row, column).font = _BOLD
        for line in (line for line in LINES if line.kind is kind):
            row += 1
            at[line.name] = row
            _write_line(sheet, row, line, count)
        if kind is LineKind.BALANCE:
            row += 1
            _write_check(sheet, row, at, count)


def _write_line(sheet: Worksheet, row: int, line: StatementLine, count: int) -> None:
    names, star = LINE_NAMES[line.name], " *" if line.required else ""
    _name_row(sheet, row, line.name, names.chinese[0] + star, names.english[0] + star)
    for column in _columns(count):
        _open(sheet, row, column).number_format = "#,##0.00"
    first, last = get_column_letter(FIRST_COLUMN), get_column_letter(FIRST_COLUMN + count - 1)
    bound = {"operator": "between", "formula1": "-9999999999999", "formula2": "9999999999999"}
    if not line.signed:
        bound["formula1"] = "0"
    _validate(sheet, f"{first}{row}:{last}{row}", type="decimal", **bound)


def _write_check(sheet: Worksheet, row: int, at: dict[str, int], count: int) -> None:
    """A row for the person who fills in; it has no code, so nobody reads it."""
    sheet.cell(row, 2).value, sheet.cell(row, 3).value = _CHECK
    for column in _columns(count):
        letter = get_column_letter(column)
        assets, owed, equity = (
            f"{letter}{at[name]}" for name in ("total_assets", "total_liabilities", "equity")
        )
        sheet.cell(row, column).value = f"={assets}-{owed}-{equity}"


def _finish(sheet: Worksheet, count: int) -> None:
    sheet.column_dimensions["A"].hidden = True
    sheet.column_dimensions["B"].width, sheet.column_dimensions["C"].width = 34, 40
    for column in _columns(count):
        sheet.column_dimensions[get_column_letter(column)].width = 22
    sheet.freeze_panes = sheet.cell(6, FIRST_COLUMN)
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False


def _name_row(sheet: Worksheet, row: int, code: str, chinese: str, english: str) -> None:
    for column, text in enumerate((code, chinese, english), start=1):
        sheet.cell(row, column).value = text


def _open(sheet: Worksheet, row: int, column: int) -> Worksheet:
    cell = sheet.cell(row, column)
    cell.protection, cell.fill = Protection(locked=False), _OPEN
    return cell


def _validate(sheet: Worksheet, cells: str, **rule: str) -> None:
    check = DataValidation(allow_blank=True, showErrorMessage=True, **rule)
    sheet.add_data_validation(check)
    check.add(cells)


def _columns(count: int) -> range:
    return range(FIRST_COLUMN, FIRST_COLUMN + count)
