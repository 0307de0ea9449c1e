"""What a file of statements was read as: figures with the place each stands at, still to confirm.

A reading is never a fact. A person confirms or corrects it, and a second person approves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from domain.financials.amounts import AmountUnit

FILE_BYTES_MAX = 10 * 1024 * 1024
FIRST_YEAR, LAST_YEAR = 1990, 2100


class StatementSource(StrEnum):
    """How the figures came: typed by a person, or read out of a file and confirmed."""

    TYPED = "typed"
    EXCEL = "excel"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class ReadFigure:
    """One figure of a file, in the file's own unit. `place` is a cell, or a page's number;
    `row` is the text of the row it stands in. `others` are different figures the file also has
    for the same line and year, as (place, figure).
    """

    year: int
    line: str
    stated: Decimal
    place: str
    row: str = ""
    others: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read. Unit and currency are None where the file does not say them."""

    source: StatementSource
    figures: tuple[ReadFigure, ...]
    unit: AmountUnit | None = None
    currency: str | None = None
    audited: Mapping[int, bool] = field(default_factory=dict)
    auditors: Mapping[int, str] = field(default_factory=dict)

    @property
    def years(self) -> tuple[int, ...]:
        """The years with a figure, oldest first."""
        return tuple(sorted({figure.year for figure in self.figures}))

    @property
    def pages(self) -> tuple[int, ...]:
        """The pages of a PDF that have a figure."""
        if self.source is not StatementSource.PDF:
            return ()
        return tuple(sorted({int(figure.place) for figure in self.figures}))


class StatementFileReader(Protocol):
    """Whatever reads files of yearly statements and offers the template to fill in."""

    async def read(self, content: bytes) -> Reading:
        """The file as read. Violations: `FindingsViolation` with one finding per refusal."""
        ...

    async def picture(self, content: bytes, page: int) -> bytes:
        """One page of a PDF as PNG, counted from 1. Violation: findings `file.too_costly`."""
        ...

    def template(self, years: tuple[int, ...]) -> bytes:
        """An empty workbook of these years, oldest first."""
        ...
