"""The form of yearly statements: one column a year, typed, read from a file, or to be restated."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

from domain.financials import LINES, LineKind
from domain.financials.amounts import AmountUnit, in_unit
from domain.financials.checks import StatementFinding
from domain.financials.filing import YEARS_MAX, Filing, TypedYear, field_of, read_filing
from domain.financials.readings import ReadFigure, Reading, StatementSource
from domain.violations import Finding, LoanRuleViolation
from language.catalogue import Language
from language.labels import word
from language.messages import message_for
from persistence.queries.customer_statements import HeldStatement, KeptReading
from web.forms.entries import EntryReader

COLUMNS = 3
HEADS = ("year", "ended_on", "audited", "auditor")
ANCHOR = "statements"
_COLUMN = re.compile(r"statements\.([0-9])\.year")


@dataclass(frozen=True, slots=True)
class Cell:
    """One entry. `error` and `doubts` are sentences; `row` is what the file's row says, `others`
    are different figures the file also has, each with its place.
    """

    name: str
    value: str
    label: str
    error: str = ""
    doubts: tuple[str, ...] = ()
    row: str = ""
    place: str = ""
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class GridRow:
    """A line with its cells, or one of the heads of the columns."""

    line: str
    required: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """A finding with the entry's name as people read it."""

    field: str
    label: str
    code: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StatementEntries:
    """What the form holds: currency, unit, and each column's entries by their names."""

    currency: str = "CNY"
    unit: str = AmountUnit.ONE.value
    columns: tuple[Mapping[str, str], ...] = ()
    reason: str = ""
    token: str = field(default_factory=lambda: token_urlsafe(24))
    code: str = ""
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def years(self) -> tuple[str, ...]:
        """The years as typed, column by column."""
        return tuple(column.get("year", "").strip() for column in self.columns)

    def filing(self, reading: KeptReading | None) -> Filing:
        """What is filed. Violations: those of `read_filing`."""
        source = reading.reading.source if reading else StatementSource.TYPED
        typed = [_typed(str(key), column) for key, column in enumerate(self.columns)]
        reading_id: UUID | None = reading.id if reading else None
        return read_filing(self.currency, self.unit, typed, source, reading_id)


@dataclass(frozen=True, slots=True)
class StatementForm:
    """The form as printed: heads and lines of every part, and what was found."""

    entries: StatementEntries
    heads: tuple[GridRow, ...]
    parts: tuple[tuple[str, tuple[GridRow, ...]], ...]
    findings: tuple[ToldFinding, ...]
    doubts: tuple[ToldFinding, ...]
    doubts_mark: str

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.entries.columns)

    def error(self, name: str, language: Language) -> str:
        """What is wrong with an entry beside the grid."""
        found = next((each for each in self.findings if each.field == name), None)
        return message_for(found.code, found.params, language) if found else ""


def blank_entries(last_year: int) -> StatementEntries:
    """Three empty columns up to a year, the oldest first."""
    years = range(last_year - COLUMNS + 1, last_year + 1)
    return StatementEntries(columns=tuple({"year": str(year)} for year in years))


def entries_of_reading(reading: Reading) -> StatementEntries:
    """The columns of a file, in the file's own unit."""
    columns = []
    for year in reading.years[-YEARS_MAX:]:
        heads = {
            "year": str(year),
            "audited": "yes" if reading.audited.get(year) else "",
            "auditor": reading.auditors.get(year, ""),
        }
        figures = {each.line: f"{each.stated:f}" for each in reading.figures if each.year == year}
        columns.append(heads | figures)
    unit = reading.unit or AmountUnit.ONE
    return StatementEntries(reading.currency or "CNY", unit.value, tuple(columns))


def entries_of_held(held: Sequence[HeldStatement]) -> StatementEntries:
    """The newest years in force, to be restated, in the unit they were stated in."""
    newest = sorted(held, key=lambda each: each.statement.year)[-COLUMNS:]
    unit = newest[-1].unit
    columns = []
    for each in newest:
        statement = each.statement
        heads = {
            "year": str(statement.year),
            "ended_on": statement.ended_on.isoformat() if statement.ended_on else "",
            "audited": "yes" if statement.audited else "",
            "auditor": each.auditor,
        }
        lines = {name: f"{in_unit(x, unit):f}" for name, x in statement.lines.items()}
        columns.append(heads | lines)
    return StatementEntries(newest[-1].statement.currency, unit.value, tuple(columns))


def entries_of_form(entries: EntryReader) -> StatementEntries:
    """What a request typed."""
    typed = entries.typed
    keys = sorted(found[1] for name in typed if (found := _COLUMN.fullmatch(name)))[:YEARS_MAX]
    names = (*HEADS, *(line.name for line in LINES))
    columns = tuple({name: typed.get(field_of(key, name), "") for name in names} for key in keys)
    try:
        token = entries.token
    except LoanRuleViolation:
        token = token_urlsafe(24)
    unit, currency = typed.get("unit", ""), typed.get("currency", "")
    return StatementEntries(currency, unit, columns, typed.get("reason", ""), token)


def statement_form(
    entries: StatementEntries,
    language: Language,
    findings: Sequence[Finding] = (),
    doubts: Sequence[StatementFinding] = (),
    reading: Reading | None = None,
) -> StatementForm:
    """The form with everything beside its entry."""
    told = _Told(entries, language, findings, doubts, reading)
    heads = tuple(GridRow(name, name == "year", told.cells(name)) for name in HEADS)
    parts = tuple(
        (
            kind.value,
            tuple(
                GridRow(line.name, line.required, told.cells(line.name))
                for line in LINES
                if line.kind is kind
            ),
        )
        for kind in LineKind
    )
    mark = doubts_mark(doubts)
    return StatementForm(entries, heads, parts, told.findings, told.doubts, mark)


def doubts_mark(doubts: Sequence[StatementFinding]) -> str:
    """What a person ticks who has seen these doubts, and no others."""
    named = "\n".join(f"{found.year} {found.line} {found.code}" for found in doubts)
    return sha256(named.encode()).hexdigest()[:16]


class _Told:
    """Findings, doubts and the file's own words, each by the entry it belongs to."""

    def __init__(
        self,
        entries: StatementEntries,
        language: Language,
        findings: Sequence[Finding],
        doubts: Sequence[StatementFinding],
        reading: Reading | None,
    ) -> None:
        self._entries = entries
        self._language = language
        self._keys = {year: str(key) for key, year in enumerate(entries.years)}
        self.findings = tuple(self._finding(found) for found in findings)
        self.doubts = tuple(self._finding(found.at_field) for found in doubts)
        figures = reading.figures if reading else ()
        self._read = {(str(each.year), each.line): each for each in figures}

    def cells(self, name: str) -> tuple[Cell, ...]:
        """A line's cells, column by column."""
        return tuple(self._cell(str(key), name) for key in range(len(self._entries.columns)))

    def _cell(self, key: str, name: str) -> Cell:
        entry, column = field_of(key, name), self._entries.columns[int(key)]
        year = self._entries.years[int(key)]
        errors = [found for found in self.findings if found.field == entry]
        doubts = [found for found in self.doubts if found.field == entry]
        read: ReadFigure | None = self._read.get((year, name))
        return Cell(
            name=entry,
            value=column.get(name, ""),
            label=self._label(name, year),
            error=self._sentence(errors[0]) if errors else "",
            doubts=tuple(self._sentence(found) for found in doubts),
            row=read.row if read else "",
            place=read.place if read else "",
            others=tuple((place, f"{x:f}") for place, x in read.others) if read else (),
        )

    def _finding(self, found: Finding) -> ToldFinding:
        """A finding at the column it belongs to; one of no column leads to the whole grid."""
        prefix, _, rest = found.field.partition(".")
        key, _, line = rest.partition(".")
        if prefix != ANCHOR or not line:
            label = word("statement_line", found.field, self._language)
            known = found.field in ("currency", "unit", "reason", "file")
            return ToldFinding(found.field, label if known else "", found.code, found.params)
        at = self._keys.get(key, key)
        inside = at.isdigit() and int(at) < len(self._entries.columns)
        label = self._label(line, self._entries.years[int(at)] if inside else key)
        field_name = field_of(at, line) if inside else ANCHOR
        return ToldFinding(field_name, label, found.code, found.params)

    def _label(self, line: str, year: str) -> str:
        return f"{year} · {word('statement_line', line, self._language)}"

    def _sentence(self, found: ToldFinding) -> str:
        return message_for(found.code, found.params, self._language)


def _typed(key: str, column: Mapping[str, str]) -> TypedYear:
    return TypedYear(
        key=key,
        year=column.get("year", ""),
        lines={line.name: column.get(line.name, "") for line in LINES},
        audited=column.get("audited") == "yes",
        auditor=column.get("auditor", ""),
        ended_on=column.get("ended_on", ""),
    )
