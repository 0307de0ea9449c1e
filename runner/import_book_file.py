"""Reading a loan file of the US Small Business Administration, one line at a time.

No line can spoil the next one: a field holds no line break in this format, so an open quote, a
wrong byte or a missing column is the matter of its own line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from domain.applications.fields import NO, YES
from domain.identifiers import RegistrationScheme, parse_registration_number
from domain.texts import clean_name
from domain.violations import Finding, LoanRuleViolation
from persistence.imports import ImportRow

PRODUCT = "US_SBA"
NUMBER, NAME, INDUSTRY = "LoanNr_ChkDgt", "Name", "NAICS"
COLUMN_OF: Mapping[str, str] = {
    "amount": "GrAppv",
    "guaranteed_amount": "SBA_Appv",
    "tenor_months": "Term",
    "employees": "NoEmp",
    "real_estate_backed": "RealEstate",
    "in_recession": "Recession",
    "industry": INDUSTRY,
}
COLUMNS = (NUMBER, NAME, *COLUMN_OF.values())
LINE_BYTES_MAX = 64 * 1024
_BOM = b"\xef\xbb\xbf"
_FLAGS = {"0": NO, "1": YES}
_DOLLARS = re.compile(r"\$?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)((?:\.[0-9]+)?)")
_NAICS = re.compile("[0-9]{2,6}")

# Sectors of NAICS to sections of GB/T 4754-2017. Finance (52) and public bodies (92) have no
# section among those the bank lends to; the application then states no industry.
_SECTIONS = {
    **{"11": "A", "21": "B", "22": "D", "23": "E", "31": "C", "32": "C", "33": "C", "42": "F"},
    **{"44": "F", "45": "F", "48": "G", "49": "G", "51": "I", "53": "K", "54": "M", "55": "L"},
    **{"56": "L", "61": "P", "62": "Q", "71": "R", "72": "H", "81": "O"},
}
_LEASING = ("532", "533")  # NAICS counts leasing to real estate, GB/T to business services
_STATED = {
    "product_code": PRODUCT,
    "currency": "USD",
    "repayment_method": "equal_instalment",
    "purpose": "Small business, guaranteed by the US SBA (imported)",
}


class BookUnreadable(Exception):
    """The file as a whole cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one line was not taken: the column it lies in (empty: the line as a whole)."""

    line: int
    code: str
    column: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Application:
    """One line that could be read."""

    line: int
    row: ImportRow


def count_lines(path: Path) -> int:
    """How many lines follow the header. Raises BookUnreadable."""
    return sum(1 for _, raw in _lines(path) if raw.strip()) - 1


def read_book(path: Path) -> Iterator[Application | Refusal]:
    """Every line after the header, as an application or as the reason it is none.

    Raises BookUnreadable at the first step when the file or its header cannot be read.
    """
    lines = _lines(path)
    header = _header(next(lines, (1, b""))[1])
    seen: dict[str, int] = {}
    for line, raw in lines:
        if not raw.strip():
            continue
        try:
            row = _row(header, raw)
        except FieldRefused as refused:
            yield Refusal(line, refused.code, refused.column, refused.params)
            continue
        first = seen.setdefault(row.number.value, line)
        if first != line:
            yield Refusal(line, "row.duplicate", NUMBER, {"line": str(first)})
        else:
            yield Application(line, row)


class FieldRefused(LoanRuleViolation):
    """One column of a line, or the line as a whole, cannot be read."""

    def __init__(self, code: str, column: str = "", **params: str) -> None:
        super().__init__(code, **params)
        self.column = column


def refusal_of(line: int, finding: Finding) -> Refusal:
    """A finding of the application's rules, at the column it came from."""
    column = COLUMN_OF.get(finding.field, finding.field)
    return Refusal(line, finding.code, column, finding.params)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with path.open("rb") as file:
            number = 0
            while raw := file.readline(LINE_BYTES_MAX + 1):
                number += 1
                yield number, raw
                while len(raw) > LINE_BYTES_MAX and not raw.endswith(b"\n"):
                    raw = file.readline(LINE_BYTES_MAX + 1)  # the rest of a line too long to be one
    except OSError as error:
        raise BookUnreadable(f"{path}: {error.strerror}") from error


def _header(raw: bytes) -> Sequence[str]:
    try:
        names = [name.strip() for name in _cells(raw.removeprefix(_BOM))]
    except FieldRefused:
        raise BookUnreadable("The first line is not the header of a CSV file in UTF-8.") from None
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise BookUnreadable(f"The header lacks: {', '.join(missing)}.")
    twice = [name for name in COLUMNS if names.count(name) > 1]
    if twice:
        raise BookUnreadable(f"The header names twice: {', '.join(twice)}.")
    return names


def _cells(raw: bytes) -> list[str]:
    """One line's cells. Codes: `row.too_long`, `row.encoding`, `row.quotes`."""
    if len(raw) > LINE_BYTES_MAX:
        raise FieldRefused("row.too_long")
    try:
        text = raw.rstrip(b"\r\n").decode("utf-8")
        return next(csv.reader([text], strict=True))
    except UnicodeDecodeError:
        raise FieldRefused("row.encoding") from None
    except csv.Error:
        raise FieldRefused("row.quotes") from None


def _row(header: Sequence[str], raw: bytes) -> ImportRow:
    cells = _cells(raw)
    if len(cells) != len(header):
        raise FieldRefused("row.columns", expected=str(len(header)), found=str(len(cells)))
    of = {name: cell.strip(" ") for name, cell in zip(header, cells, strict=True)}
    try:
        number = parse_registration_number(RegistrationScheme.US_SBA, of[NUMBER])
    except LoanRuleViolation as violation:
        raise FieldRefused(violation.code, NUMBER, **violation.params) from None
    try:
        name = clean_name(of[NAME])
    except LoanRuleViolation as violation:
        raise FieldRefused(violation.code, NAME, **violation.params) from None
    return ImportRow(number, name, PRODUCT, _fields(of))


def _fields(of: Mapping[str, str]) -> dict[str, str]:
    """The draft's entries as an officer would type them; the application's rules judge them."""
    stated = {
        **_STATED,
        "amount": _amount(of["GrAppv"]),
        "guaranteed_amount": _amount(of["SBA_Appv"]),
        "tenor_months": of["Term"],
        "employees": of["NoEmp"],
        "real_estate_backed": _FLAGS.get(of["RealEstate"], of["RealEstate"]),
        "in_recession": _FLAGS.get(of["Recession"], of["Recession"]),
        "industry": _section(of[INDUSTRY]),
    }
    return {name: text for name, text in stated.items() if text}


def _amount(text: str) -> str:
    """The administration's own files write `$60,000.00`, its case file writes 60000."""
    match = _DOLLARS.fullmatch(text)
    return match[1].replace(",", "") + match[2] if match else text


def _section(naics: str) -> str:
    if naics in {"", "0"}:  # the file's own word for unknown
        return ""
    if _NAICS.fullmatch(naics) is None:
        raise FieldRefused("choice.unknown", INDUSTRY)
    return "L" if naics[:3] in _LEASING else _SECTIONS.get(naics[:2], "")
