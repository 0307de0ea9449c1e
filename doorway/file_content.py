"""What a file really is: its bytes are opened, whatever its name and its sender say."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO

import filetype  # type: ignore[import-untyped]  # ships no types
from openpyxl import load_workbook  # type: ignore[import-untyped]  # ships no types
from openpyxl.utils.exceptions import (  # type: ignore[import-untyped]  # ships no types
    InvalidFileException,
)
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from domain.violations import LoanRuleViolation

PAGES_MAX = 2000
PIXELS_MAX = 100_000_000
UNPACKED_BYTES_MAX = 100 * 1024 * 1024
PARTS_MAX = 2000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNKNOWN = "application/octet-stream"
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class FileContent:
    """The type the content has, and its pages where the type has pages."""

    media_type: str
    pages: int | None = None


def inspect(content: bytes) -> FileContent:
    """Open a file far enough to know what it is.

    An unknown type is not refused here: the document checks do. Violations: `document.damaged`
    when the content breaks its own type's rules, `document.too_many_pages`,
    `document.too_many_pixels`, `document.unpacks_too_large`.
    """
    kind = filetype.guess(content[:8192])
    media_type = str(kind.mime) if kind else UNKNOWN
    if media_type == "application/pdf":
        return FileContent(media_type, _pdf_pages(content))
    if media_type == "image/png":
        _check_pixels(_png_size(content))
    elif media_type == "image/jpeg":
        _check_pixels(_jpeg_size(content))
    elif content.startswith(b"PK\x03\x04"):
        return FileContent(_workbook_type(content))
    return FileContent(media_type)


def _pdf_pages(content: bytes) -> int:
    try:
        pages = len(PdfReader(BytesIO(content)).pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        # The reader meets a broken cross-reference with whichever of these it stumbles over.
        raise LoanRuleViolation("document.damaged") from error
    if not pages:
        raise LoanRuleViolation("document.damaged")
    if pages > PAGES_MAX:
        raise LoanRuleViolation("document.too_many_pages", max=str(PAGES_MAX))
    return pages


def _png_size(content: bytes) -> tuple[int, int]:
    """The header chunk comes first and holds width and height, four bytes each."""
    if content[12:16] != b"IHDR" or len(content) < 33:
        raise LoanRuleViolation("document.damaged")
    return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """Walks the segments to the first frame header."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # fill bytes may stand before a marker
            at += 1
            continue
        if marker in _JPEG_FRAMES:
            return int.from_bytes(content[at + 7 : at + 9]), int.from_bytes(
                content[at + 5 : at + 7]
            )
        length = int.from_bytes(content[at + 2 : at + 4])
        if length < 2:
            break
        at += 2 + length
    raise LoanRuleViolation("document.damaged")


def _check_pixels(size: tuple[int, int]) -> None:
    width, height = size
    if not width or not height:
        raise LoanRuleViolation("document.damaged")
    if width * height > PIXELS_MAX:
        raise LoanRuleViolation("document.too_many_pixels")


def _workbook_type(content: bytes) -> str:
    """A zip that opens as a workbook is one; another zip stays a zip, which nobody accepts."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_unpacked(archive)
            if "xl/workbook.xml" not in archive.namelist():
                return "application/zip"
        load_workbook(BytesIO(content), read_only=True, data_only=True).close()
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        NotImplementedError,
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        SyntaxError,  # what the XML parser raises
    ) as error:
        raise LoanRuleViolation("document.damaged") from error
    return XLSX


def _check_unpacked(archive: zipfile.ZipFile) -> None:
    """By the sizes read while unpacking, not by those the archive claims."""
    if len(archive.infolist()) > PARTS_MAX:
        raise LoanRuleViolation("document.unpacks_too_large")
    total = 0
    for part in archive.infolist():
        with archive.open(part) as opened:
            while block := opened.read(1024 * 1024):
                total += len(block)
                if total > UNPACKED_BYTES_MAX:
                    raise LoanRuleViolation("document.unpacks_too_large")
