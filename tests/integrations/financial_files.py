"""Files of statements made for tests: filled-in templates, hostile workbooks, printed sheets."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst
from openpyxl import Workbook, load_workbook  # type: ignore[import-untyped]  # ships no types
from pypdf import PdfReader, PdfWriter

from integrations.financials.template import template_of
from tests.domain.financials.firms import three_years

YEARS = (2023, 2024, 2025)
Put = tuple[str, object]


def saved(book: Workbook) -> bytes:
    """The bytes of a workbook."""
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def filled(*puts: Put, unit: str = "元") -> bytes:
    """The template filled in with three sound years, then cells put as told."""
    book = load_workbook(BytesIO(template_of(YEARS)))
    sheet = book.active
    sheet["D4"] = unit
    rows = row_numbers(sheet)
    for column, statement in zip("DEF", three_years(), strict=True):
        sheet[f"{column}6"] = "是"
        sheet[f"{column}7"] = "江南会计师事务所"
        for name, amount in statement.lines.items():
            sheet[f"{column}{rows[name]}"] = float(amount)
    for cell, value in puts:
        sheet[cell] = value
    return saved(book)


def row_numbers(sheet: Any) -> dict[str, int]:
    """The row of each code."""
    found = ((sheet.cell(row, 1).value, row) for row in range(1, sheet.max_row + 1))
    return {code: row for code, row in found if code}


def cell_of(line: str, column: str = "D") -> str:
    """Where the template wants a line."""
    sheet = load_workbook(BytesIO(template_of(YEARS))).active
    return f"{column}{row_numbers(sheet)[line]}"


def repacked(
    content: bytes,
    add: Mapping[str, bytes] | None = None,
    change: Callable[[str, bytes], bytes] | None = None,
) -> bytes:
    """A workbook's zip with parts added or changed."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change(name, part) if change else part)
        for name, part in (add or {}).items():
            new.writestr(name, part)
    return out.getvalue()


def in_sheet(before: bytes, after: bytes) -> Callable[[str, bytes], bytes]:
    """Replaces text in the first sheet's XML."""

    def changed(name: str, part: bytes) -> bytes:
        return part.replace(before, after) if name == "xl/worksheets/sheet1.xml" else part

    return changed


def typst_pdf(source: str) -> bytes:
    """A PDF set from a source, with the product's own Chinese font."""
    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])
    made = typst.Compiler(source.encode(), font_paths=fonts, ignore_system_fonts=True).compile()
    assert isinstance(made, bytes)
    return made


def table_pdf(
    *parts: str | Sequence[Sequence[str]], columns: str = "(6cm, 2cm, 4cm, 4cm)"
) -> bytes:
    """Text and tables one below the other."""
    body = ['#set text(font: "Noto Sans SC", size: 10pt)']
    for part in parts:
        if isinstance(part, str):
            body.append(f"#align(center)[{part}]" if part else "")
        else:
            cells = ", ".join(f"[{cell}]" for row in part for cell in row)
            align = "(x, y) => if x == 0 {left} else {right}"
            body.append(f"#table(columns: {columns}, align: {align}, {cells})")
    return typst_pdf("\n\n".join(body))


def encrypted(content: bytes) -> bytes:
    """The same PDF behind a password."""
    writer, out = PdfWriter(clone_from=PdfReader(BytesIO(content))), BytesIO()
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def blank_pdf(pages: int = 1) -> bytes:
    """Pages without any text, as a scanner makes them."""
    writer, out = PdfWriter(), BytesIO()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()
