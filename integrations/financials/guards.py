"""What a workbook may not hold, looked for before any of it is read: a hostile file costs little.

An .xlsx is a zip of XML parts. Sizes are checked as the archive claims them and again as they
come out; each XML part is streamed once, without a document type, its rows and cells counted.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import NoReturn
from xml.parsers import expat

from domain.violations import LoanRuleViolation

PARTS_MAX = 300
UNPACKED_BYTES_MAX = 40 * 1024 * 1024
RATIO_MAX = 150
RATIO_FROM_BYTES = 1024 * 1024
SHEETS_MAX = 20
ROWS_MAX = 5_000
CELLS_MAX = 60_000
COLUMNS_MAX = 256
DEPTH_MAX = 100
_BLOCK = 256 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_ACTIVE = ("xl/embeddings/", "xl/activex/", "xl/ctrlprops/", "xl/connections.xml", "customui/")
_XML_ENDS = (".xml", ".rels", ".vml")
_EXTERNAL_FINE = ("/hyperlink",)


def check_workbook(content: bytes) -> None:
    """Refuse what is no plain .xlsx, by name.

    Violations: `workbook.not_a_workbook`, `workbook.old_format`, `workbook.encrypted`,
    `workbook.damaged`, `workbook.macros`, `workbook.external_links`, `workbook.active_content`,
    `workbook.unpacks_too_large`, `workbook.entities`, `workbook.too_deep`,
    `workbook.too_many_sheets`, `workbook.too_many_rows`, `workbook.too_many_columns`.
    """
    if content.startswith(_OLE):
        encrypted = _ENCRYPTED_PACKAGE in content
        raise LoanRuleViolation("workbook.encrypted" if encrypted else "workbook.old_format")
    if not content.startswith(b"PK\x03\x04"):
        raise LoanRuleViolation("workbook.not_a_workbook")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_directory(archive)
            _Stream(archive).check()
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError) as broken:
        raise LoanRuleViolation("workbook.damaged") from broken


def _check_directory(archive: zipfile.ZipFile) -> None:
    """What the archive says of itself."""
    parts = archive.infolist()
    names = [part.filename.lower() for part in parts]
    if any(part.flag_bits & 0x1 for part in parts):
        raise LoanRuleViolation("workbook.encrypted")
    if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > UNPACKED_BYTES_MAX:
        raise LoanRuleViolation("workbook.unpacks_too_large")
    if any(_bomb(part.file_size, part.compress_size) for part in parts):
        raise LoanRuleViolation("workbook.unpacks_too_large")
    if len(set(names)) != len(names) or any(_escapes(name) for name in names):
        raise LoanRuleViolation("workbook.damaged")
    if "xl/workbook.xml" not in names:
        raise LoanRuleViolation("workbook.not_a_workbook")
    _check_names(names)


def _check_names(names: list[str]) -> None:
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        raise LoanRuleViolation("workbook.macros")
    if any(name.startswith("xl/externallinks/") for name in names):
        raise LoanRuleViolation("workbook.external_links")
    if any(name.startswith(_ACTIVE) for name in names):
        raise LoanRuleViolation("workbook.active_content")
    if sum(name.startswith("xl/worksheets/sheet") for name in names) > SHEETS_MAX:
        raise LoanRuleViolation("workbook.too_many_sheets", max=str(SHEETS_MAX))


def _bomb(unpacked: int, packed: int) -> bool:
    return unpacked > RATIO_FROM_BYTES and unpacked > RATIO_MAX * max(packed, 1)


def _escapes(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.split("/")


class _Stream:
    """Every part, unpacked block by block and thrown away."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._unpacked = 0
        self._rows = 0
        self._cells = 0
        self._in_row = 0
        self._depth = 0

    def check(self) -> None:
        for part in self._archive.infolist():
            self._check_part(part)

    def _check_part(self, part: zipfile.ZipInfo) -> None:
        name = part.filename.lower()
        parser = self._parser(name) if name.endswith(_XML_ENDS) else None
        own = 0
        with self._archive.open(part) as opened:
            while block := opened.read(_BLOCK):
                own += len(block)
                self._unpacked += len(block)
                if self._unpacked > UNPACKED_BYTES_MAX or _bomb(own, part.compress_size):
                    raise LoanRuleViolation("workbook.unpacks_too_large")
                _feed(parser, block)
        _feed(parser, b"", last=True)

    def _parser(self, name: str) -> expat.XMLParserType:
        self._depth = 0
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = _refuse_entities
        parser.EntityDeclHandler = _refuse_entities
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        return parser

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise LoanRuleViolation("workbook.too_deep")
        local = name.rpartition(" ")[2]
        if local == "row":
            self._rows += 1
            self._in_row = 0
        elif local == "c":
            self._cells += 1
            self._in_row += 1
        elif local == "Relationship":
            _check_target(attributes)
        elif "macroEnabled" in attributes.get("ContentType", ""):
            raise LoanRuleViolation("workbook.macros")
        if self._rows > ROWS_MAX or self._cells > CELLS_MAX:
            raise LoanRuleViolation("workbook.too_many_rows", max=str(ROWS_MAX))
        if self._in_row > COLUMNS_MAX:
            raise LoanRuleViolation("workbook.too_many_columns", max=str(COLUMNS_MAX))

    def _end(self, _name: str) -> None:
        self._depth -= 1


def _check_target(attributes: Mapping[str, str]) -> None:
    """A link that a reader clicks is harmless; one the workbook takes its content from is not."""
    outside = attributes.get("TargetMode", "").lower() == "external"
    if outside and not attributes.get("Type", "").lower().endswith(_EXTERNAL_FINE):
        raise LoanRuleViolation("workbook.external_links")


def _feed(parser: expat.XMLParserType | None, block: bytes, *, last: bool = False) -> None:
    if parser is None:
        return
    try:
        parser.Parse(block, last)
    except (expat.ExpatError, UnicodeError, ValueError, LookupError) as broken:
        raise LoanRuleViolation("workbook.damaged") from broken


def _refuse_entities(*_declared: object) -> NoReturn:
    raise LoanRuleViolation("workbook.entities")
