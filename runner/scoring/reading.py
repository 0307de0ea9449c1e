"""Reading rows of figures: CSV with a line of names, a JSON array, or one JSON object a line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from domain.scoring.columns import SCORED_COLUMNS
from domain.violations import LoanRuleViolation

INPUT_BYTES_MAX = 512_000_000
_CELL_MAX = 100_000
_DELIMITERS = ",;\t"

Row = Mapping[str, object]


def read_rows(raw: bytes) -> list[Row | None]:
    """The rows in their order; None where one is no object or does not fit its columns.

    A byte-order mark and any line ends are taken. Violations: `score.unreadable`,
    `score.no_rows`, `score.columns` where no column is one that is scored.
    """
    if len(raw) > INPUT_BYTES_MAX:
        raise LoanRuleViolation("score.unreadable")
    try:
        text = raw.decode("utf-8-sig").strip("\r\n \t")
    except UnicodeDecodeError as foreign:
        raise LoanRuleViolation("score.unreadable") from foreign
    if not text or "\0" in text:
        raise LoanRuleViolation("score.no_rows" if not text else "score.unreadable")
    rows = list(_json(text) if text[0] in "[{" else _csv(text))
    if not rows:
        raise LoanRuleViolation("score.no_rows")
    if not any(row is not None and SCORED_COLUMNS & row.keys() for row in rows):
        raise LoanRuleViolation("score.columns")
    return rows


def is_json(raw: bytes) -> bool:
    """Whether the input begins as JSON does."""
    return raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"[", b"{"}


def _json(text: str) -> Iterator[Row | None]:
    """An array, one object, or objects line by line: a line that is broken is a row that is."""
    try:
        data = _loads(text)
    except (ValueError, RecursionError, ArithmeticError) as broken:
        lines = text.splitlines()
        if text[0] == "[" or len(lines) == 1:
            raise LoanRuleViolation("score.unreadable") from broken
        yield from (_line(line) for line in lines if line.strip())
        return
    yield from (_named(item) for item in (data if isinstance(data, list) else [data]))


def _line(line: str) -> Row | None:
    try:
        return _named(_loads(line))
    except (ValueError, RecursionError, ArithmeticError):
        return None


def _loads(text: str) -> object:
    return json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=str)


def _named(item: object) -> Row | None:
    if not isinstance(item, dict):
        return None
    return {_name(name): cell for name, cell in item.items()}


def _csv(text: str) -> Iterator[Row | None]:
    csv.field_size_limit(_CELL_MAX)
    head = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = [_name(name) for name in next(reader)]
        if len(set(names)) != len(names):
            raise LoanRuleViolation("score.unreadable")
        for cells in reader:
            if cells:
                yield _row(names, cells)
    except csv.Error as broken:
        raise LoanRuleViolation("score.unreadable") from broken


def _row(names: list[str], cells: list[str]) -> Row | None:
    """A short row lacks its last cells; a long one cannot be told apart from a shifted one."""
    if any(cell.strip() for cell in cells[len(names) :]):
        return None
    return dict(zip(names, cells, strict=False))


def _name(name: str) -> str:
    return name.strip().lower().replace(" ", "_")
