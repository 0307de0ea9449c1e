"""Workbooks: the template comes back as filled in; each hostile one is refused by name."""

from __future__ import annotations

import datetime
import zipfile
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook  # type: ignore[import-untyped]  # ships no types

from domain.financials import LINES
from domain.financials.amounts import AmountUnit
from domain.financials.readings import Reading
from domain.violations import Finding, FindingsViolation, LoanRuleViolation
from integrations.financials import StatementFiles, guards
from integrations.financials.files import read_file
from integrations.financials.template import template_of
from tests.domain.financials.firms import three_years
from tests.integrations.financial_files import (
    YEARS,
    cell_of,
    filled,
    in_sheet,
    repacked,
    row_numbers,
    saved,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENTITIES = b"""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>"""
OUTSIDE = b"""<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>"""


def refused(content: bytes) -> dict[str, str]:
    """The code of each refusal, with the cells it names."""
    with pytest.raises(LoanRuleViolation) as caught:
        read_file(content)
    error = caught.value
    if isinstance(error, FindingsViolation):
        return {found.code: found.params.get("cells", "") for found in error.findings}
    return {error.code: ""}


def amounts(reading: Reading) -> dict[tuple[int, str], Decimal]:
    return {(figure.year, figure.line): figure.stated for figure in reading.figures}


def prolog(declared: bytes) -> bytes:
    """A filled-in template whose first sheet declares a document type."""

    def changed(name: str, part: bytes) -> bytes:
        return declared + part if name == "xl/worksheets/sheet1.xml" else part

    return repacked(filled(), change=changed)


def rows_book(count: int) -> bytes:
    """A filled-in template with a second sheet of many rows."""
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, count))
    sheet = b'<worksheet xmlns="x"><sheetData>%s</sheetData></worksheet>' % rows
    return repacked(filled(), add={"xl/worksheets/sheet2.xml": sheet})


def wide_book() -> bytes:
    cells = b"".join(b"<c><v>1</v></c>" for _ in range(300))
    sheet = b'<worksheet xmlns="x"><sheetData><row>%s</row></sheetData></worksheet>' % cells
    return repacked(filled(), add={"xl/worksheets/sheet2.xml": sheet})


def liar(claimed: int, real: int) -> bytes:
    """A part that claims to be small and unpacks large."""
    content = repacked(filled(), add={"xl/media/image1.png": b"\0" * real})
    out = bytearray(content)
    at = 0
    while (at := content.find(real.to_bytes(4, "little"), at)) >= 0:
        out[at : at + 4] = claimed.to_bytes(4, "little")
        at += 4
    return bytes(out)


def test_the_template_comes_back_as_it_was_filled_in() -> None:
    reading = read_file(filled(unit="万元"))
    wanted = {
        (year.year, name): amount for year in three_years() for name, amount in year.lines.items()
    }
    assert amounts(reading) == wanted
    assert (reading.unit, reading.currency) == (AmountUnit.TEN_THOUSAND, "CNY")
    assert reading.years == YEARS
    assert reading.audited == dict.fromkeys(YEARS, True)
    assert reading.auditors == dict.fromkeys(YEARS, "江南会计师事务所")


def test_the_template_is_locked_but_for_what_is_asked() -> None:
    sheet = load_workbook(BytesIO(template_of(YEARS))).active
    rows = row_numbers(sheet)
    assert sheet.protection.sheet
    assert sheet.column_dimensions["A"].hidden
    assert set(rows) >= {line.name for line in LINES}
    assert all(sheet[f"D{rows[line.name]}"].protection.locked is False for line in LINES)
    assert sheet[f"B{rows['cash']}"].protection.locked
    assert [sheet[f"{column}{rows['year']}"].value for column in "DEF"] == list(YEARS)
    ruled = {cells for rule in sheet.data_validations.dataValidation for cells in [str(rule.sqref)]}
    assert f"D{rows['inventory']}:F{rows['inventory']}" in ruled


def test_an_empty_template_holds_no_figures() -> None:
    assert refused(template_of(YEARS)) == {"workbook.no_figures": ""}


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1,234.50", "1234.50"),
        ("１２３４．５", "1234.5"),
        ("(1,234)", "-1234"),
        ("（1,234）", "-1234"),
        ("¥1,000", "1000"),
        (1234567.89, "1234567.89"),
        (0.1 + 0.2, "0.3"),
        (123456789012, "123456789012"),
    ],
)
def test_numbers_are_read_however_written(written: object, amount: str) -> None:
    reading = read_file(filled((cell_of("net_profit"), written)))
    assert amounts(reading)[2023, "net_profit"] == Decimal(amount)


def test_a_dash_is_a_line_nobody_stated() -> None:
    assert (2023, "cash") not in amounts(read_file(filled((cell_of("cash"), "—"))))


def test_a_calculated_formula_counts_as_its_value() -> None:
    at = cell_of("inventory").encode()
    written = filled((at.decode(), "=100+80"))
    counted = repacked(
        written, change=in_sheet(b"<f>100+80</f><v></v>", b"<f>100+80</f><v>180</v>")
    )
    if b"<v>180</v>" not in zipfile.ZipFile(BytesIO(counted)).read("xl/worksheets/sheet1.xml"):
        counted = repacked(
            written, change=in_sheet(b"<f>100+80</f><v />", b"<f>100+80</f><v>180</v>")
        )
    assert amounts(read_file(counted))[2023, "inventory"] == 180


@pytest.mark.parametrize(
    ("line", "written", "code"),
    [
        ("inventory", "=100+80", "workbook.not_calculated"),
        ("inventory", "#REF!", "workbook.error_value"),
        ("inventory", "about 5", "workbook.not_a_number"),
        ("inventory", True, "workbook.not_a_number"),
        ("inventory", datetime.date(2024, 1, 1), "workbook.not_a_number"),
        ("year", 2024, "workbook.year_twice"),
        ("year", "next year", "workbook.year_wrong"),
        ("year", 1066, "workbook.year_wrong"),
        ("year", None, "workbook.year_missing"),
        ("unit", "dozen", "workbook.unit_wrong"),
        ("currency", "gold", "workbook.currency_wrong"),
        ("audited", "perhaps", "workbook.audited_wrong"),
        ("auditor", "a\u202eb", "workbook.auditor_wrong"),
    ],
)
def test_a_wrong_cell_is_named(line: str, written: object, code: str) -> None:
    cell = cell_of(line)
    found = refused(filled((cell, written)))
    assert list(found) == [code]
    assert cell in found[code] or code == "workbook.year_twice"


def test_every_wrong_cell_is_named_at_once_and_none_is_quoted() -> None:
    found = refused(filled((cell_of("cash"), "secret"), (cell_of("tax", "E"), "=1/0")))
    assert found == {
        "workbook.not_a_number": cell_of("cash"),
        "workbook.not_calculated": cell_of("tax", "E"),
    }


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b"x" * (10 * 1024 * 1024 + 1), "file.too_large"),
        (b"year,total_assets\n2024,5", "workbook.not_a_workbook"),
        (OLE + b"Workbook", "workbook.old_format"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "workbook.encrypted"),
        (b"PK\x03\x04broken", "workbook.damaged"),
        (filled()[:3000], "workbook.damaged"),
        (saved(Workbook()), "workbook.wrong_template"),
        (filled(("A1", "corploan.statements/0")), "workbook.wrong_template"),
        (filled((cell_of("cash", "A"), "kash")), "workbook.wrong_template"),
        (filled((cell_of("cash", "A"), "inventory")), "workbook.wrong_template"),
        (repacked(filled(), add={"xl/vbaProject.bin": b"1"}), "workbook.macros"),
        (repacked(filled(), add={"xl/macrosheets/sheet1.xml": b"<a/>"}), "workbook.macros"),
        (
            repacked(
                filled(),
                change=lambda _, part: part.replace(
                    b"officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
                ),
            ),
            "workbook.macros",
        ),
        (
            repacked(filled(), add={"xl/externalLinks/externalLink1.xml": b"<a/>"}),
            "workbook.external_links",
        ),
        (
            repacked(
                filled(),
                add={
                    "xl/worksheets/_rels/sheet1.xml.rels": b'<Relationships xmlns="x">'
                    b'<Relationship Id="r1" Type="http://x/image" Target="http://evil/"'
                    b' TargetMode="External"/></Relationships>'
                },
            ),
            "workbook.external_links",
        ),
        (repacked(filled(), add={"xl/embeddings/a.bin": b"1"}), "workbook.active_content"),
        (prolog(ENTITIES), "workbook.entities"),
        (prolog(OUTSIDE), "workbook.entities"),
        (repacked(filled(), add={"a.xml": b"<a>" * 200 + b"</a>" * 200}), "workbook.too_deep"),
        (repacked(filled(), add={"a.xml": b"<a><b></a>"}), "workbook.damaged"),
        (repacked(filled(), add={"../../evil": b"1"}), "workbook.damaged"),
        (repacked(filled(), add={f"x/{n}": b"" for n in range(301)}), "workbook.unpacks_too_large"),
        (rows_book(100_000), "workbook.too_many_rows"),
        (wide_book(), "workbook.too_many_columns"),
        (
            repacked(filled(), add={f"xl/worksheets/sheet{n}.xml": b"<a/>" for n in range(2, 30)}),
            "workbook.too_many_sheets",
        ),
        (
            repacked(filled(), add={"xl/media/zeros": b"\0" * 30_000_000}),
            "workbook.unpacks_too_large",
        ),
        (liar(1000, 30_000_000), "workbook.damaged"),
    ],
)
def test_a_hostile_or_broken_file_is_refused_by_name(content: bytes, code: str) -> None:
    assert list(refused(content)) == [code]


def test_what_comes_out_counts_and_not_what_was_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "_check_directory", lambda _archive: None)
    bomb = repacked(filled(), add={"xl/media/zeros": b"\0" * 30_000_000})
    assert refused(bomb) == {"workbook.unpacks_too_large": ""}


def test_a_hyperlink_is_no_danger() -> None:
    book = load_workbook(BytesIO(filled()))
    book.active["B3"].hyperlink = "https://example.com/"
    assert read_file(saved(book)).years == YEARS


@pytest.mark.parametrize("end", range(200, 8000, 600))
def test_a_file_cut_anywhere_is_refused_and_never_an_accident(end: int) -> None:
    assert refused(filled()[:end])


async def test_the_product_reads_in_a_program_of_its_own() -> None:
    files = StatementFiles()
    reading = await files.read(filled(unit="千元"))
    assert reading == read_file(filled(unit="千元"))
    with pytest.raises(FindingsViolation) as caught:
        await files.read(OLE)
    assert caught.value.findings == (Finding("file", "workbook.old_format"),)


async def test_a_file_that_takes_too_long_is_refused() -> None:
    with pytest.raises(FindingsViolation) as caught:
        await StatementFiles(seconds=0.01).read(filled())
    assert [found.code for found in caught.value.findings] == ["file.too_costly"]
