"""What a sheet of paper consists of, in order; all texts are ready to be read.

A text is only ever a text: whoever sets the sheet must not read marks of its own out of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar


class Align(StrEnum):
    """To which side a column leans; figures lean to the right."""

    START = "start"
    END = "end"


@dataclass(frozen=True)
class Facts:
    """Names and values, two pairs beside each other; `wide` pairs take a line of their own."""

    kind: ClassVar[str] = "facts"
    pairs: tuple[tuple[str, str], ...]
    wide: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Text:
    """A paragraph. `lead` is set apart (whom the paper addresses), `small` is a remark."""

    kind: ClassVar[str] = "text"
    text: str
    style: str = "plain"


@dataclass(frozen=True)
class Column:
    """A column of a table; `share` is its part of the width, 0 as wide as what is in it."""

    name: str
    align: Align = Align.END
    share: int = 1


@dataclass(frozen=True)
class Table:
    """A table whose heading comes again on every page. `total` is its last row, if it has one."""

    kind: ClassVar[str] = "table"
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()


@dataclass(frozen=True)
class Amount:
    """The figure a paper is about, in digits and in words."""

    kind: ClassVar[str] = "amount"
    name: str
    figure: str
    in_words: str
    words: str


@dataclass(frozen=True)
class Signature:
    """Where the bank seals: its name, what stands beside it, the day."""

    kind: ClassVar[str] = "signature"
    lines: tuple[str, ...]


Block = Facts | Text | Table | Amount | Signature


@dataclass(frozen=True)
class Sheet:
    """One paper, ready to be set. `page_of` holds `{page}` and `{pages}`."""

    language: str
    bank: str
    number_name: str
    number: str
    title: str
    page_of: str
    on: date
    blocks: tuple[Block, ...] = field(default_factory=tuple)
