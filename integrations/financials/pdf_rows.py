"""The words of a PDF's pages, gathered into rows as the eye sees them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pdfplumber
from pdfminer.pdfparser import PDFSyntaxError
from pdfminer.psparser import PSException
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from domain.violations import LoanRuleViolation

PAGES_MAX = 60
WORDS_MAX = 60_000
_WORD_GAP = 2.5
_SAME_ROW = 0.6
"""Of a word's height: how far centres may lie apart in one row."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word and the box it stands in, in points from the page's upper left corner."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        """The height of its centre line."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Row:
    """The words of one row, from left to right."""

    page: int
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The row as one line of text."""
        return "  ".join(word.text for word in self.words)


def rows_of(content: bytes) -> tuple[Row, ...]:
    """Every row of every page.

    Violations: `pdf.damaged`, `pdf.encrypted`, `pdf.too_many_pages`, `pdf.too_many_words`,
    `pdf.no_text` where the pages are pictures only.
    """
    _check_pages(content)
    try:
        with pdfplumber.open(BytesIO(content)) as document:
            rows = tuple(_rows(document))
    except (PdfminerException, PDFSyntaxError, PSException) as broken:
        raise LoanRuleViolation("pdf.damaged") from broken
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError) as broken:
        # What a broken object does to the reader depends on where it stands.
        raise LoanRuleViolation("pdf.damaged") from broken
    except (RecursionError, OverflowError, OSError) as broken:
        raise LoanRuleViolation("pdf.damaged") from broken
    if not rows:
        raise LoanRuleViolation("pdf.no_text")
    return rows


def _check_pages(content: bytes) -> None:
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted:
            raise LoanRuleViolation("pdf.encrypted")
        pages = len(reader.pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as broken:
        raise LoanRuleViolation("pdf.damaged") from broken
    if not pages:
        raise LoanRuleViolation("pdf.damaged")
    if pages > PAGES_MAX:
        raise LoanRuleViolation("pdf.too_many_pages", max=str(PAGES_MAX))


def _rows(document: PDF) -> Iterator[Row]:
    seen = 0
    for page in document.pages:
        words = [
            Word(word["text"], word["x0"], word["x1"], word["top"], word["bottom"])
            for word in page.extract_words(x_tolerance=_WORD_GAP)
        ]
        seen += len(words)
        if seen > WORDS_MAX:
            raise LoanRuleViolation("pdf.too_many_words")
        yield from _gathered(page.page_number, words)
        page.close()


def _gathered(page: int, words: list[Word]) -> Iterator[Row]:
    row: list[Word] = []
    for word in sorted(words, key=lambda each: (each.middle, each.left)):
        height = word.bottom - word.top
        if row and word.middle - row[0].middle > _SAME_ROW * max(height, 1):
            yield _row(page, row)
            row = []
        row.append(word)
    if row:
        yield _row(page, row)


def _row(page: int, words: list[Word]) -> Row:
    return Row(page, tuple(sorted(words, key=lambda word: word.left)))
