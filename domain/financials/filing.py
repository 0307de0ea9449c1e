"""Statements laid before a second person: typed or confirmed figures, in the currency to the cent.

`read_filing` reads what a form or a program sends, `content_of` writes a filing as the JSON of a
proposal, `filing_of` reads that again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.financials.amounts import AmountUnit, in_currency, read_stated
from domain.financials.readings import FIRST_YEAR, LAST_YEAR, StatementSource
from domain.financials.statement import LINES, FinancialStatement
from domain.texts import clean_name
from domain.violations import Finding, FindingsViolation, LoanRuleViolation

YEARS_MAX = 6
CURRENCIES = ("CNY", "USD", "EUR", "HKD")
_YEAR = re.compile("[0-9]{4}")
_NAMES = frozenset(line.name for line in LINES)


@dataclass(frozen=True, slots=True)
class TypedYear:
    """One column as typed. `key` is the column's name where findings are told: a year or a
    column's number; `ended_on` is year-month-day, empty for 31 December.
    """

    key: str
    year: str
    lines: Mapping[str, str]
    audited: bool = False
    auditor: str = ""
    ended_on: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into it but perhaps a year."""
        return not any(text.strip() for text in self.lines.values()) and not self.auditor.strip()


@dataclass(frozen=True, slots=True)
class FiledYear:
    """A year of a filing, with who audited it."""

    statement: FinancialStatement
    auditor: str = ""


@dataclass(frozen=True, slots=True)
class Filing:
    """Years filed together. `unit` is the one the source states its figures in; `reading_id` is
    the file's reading they were confirmed from, None where they were typed.
    """

    currency: str
    unit: AmountUnit
    years: tuple[FiledYear, ...]
    source: StatementSource = StatementSource.TYPED
    reading_id: UUID | None = None

    @property
    def statements(self) -> tuple[FinancialStatement, ...]:
        """The statements, oldest first."""
        return tuple(sorted((each.statement for each in self.years), key=lambda each: each.year))


@dataclass(slots=True)
class _Findings:
    found: list[Finding] = field(default_factory=list)

    def add(self, name: str, refused: LoanRuleViolation) -> None:
        self.found.append(Finding(name, refused.code, refused.params))


def field_of(key: str, line: str) -> str:
    """The form's name of one entry of one column."""
    return f"statements.{key}.{line}"


def read_filing(
    currency: str,
    unit: str,
    typed: Sequence[TypedYear],
    source: StatementSource = StatementSource.TYPED,
    reading_id: UUID | None = None,
) -> Filing:
    """Read a filing as typed; blank columns are left out.

    Violations: findings `currency.unknown`, `statement.unit_unknown`, `statement.no_years`,
    `statement.too_many_years`, `statement.year_wrong`, `statement.year_twice`, `figure.malformed`,
    `figure.too_fine`, `figure.too_large`, `statement.line_unknown`, `statement.ended_wrong`,
    `statement.auditor_missing` and those of `clean_name`.
    """
    findings = _Findings()
    if currency not in CURRENCIES:
        findings.add("currency", LoanRuleViolation("currency.unknown"))
    known_unit = _unit(unit, findings)
    columns = [column for column in typed if not column.is_blank]
    if not columns:
        findings.add("statements", LoanRuleViolation("statement.no_years"))
    if len(columns) > YEARS_MAX:
        refused = LoanRuleViolation("statement.too_many_years", max=str(YEARS_MAX))
        findings.add("statements", refused)
    years = _years(columns, findings)
    filed = [
        _filed(column, year, currency, known_unit, findings)
        for column, year in zip(columns, years, strict=True)
    ]
    if findings.found:
        raise FindingsViolation(findings.found)
    return Filing(currency, known_unit, tuple(filed), source, reading_id)


def content_of(filing: Filing) -> dict[str, Any]:
    """The filing as JSON; amounts are decimal strings in the currency."""
    return {
        "currency": filing.currency,
        "unit": filing.unit.value,
        "source": filing.source.value,
        "reading_id": str(filing.reading_id) if filing.reading_id else None,
        "years": [_year_content(each) for each in filing.years],
    }


def filing_of(content: Mapping[str, Any]) -> Filing:
    """The filing a proposal's content holds. Violations: `proposal.content`, `read_filing`'s."""
    try:
        years = [_typed(year) for year in content["years"]]
        reading = content["reading_id"]
        reading_id = UUID(reading) if reading is not None else None
        source, unit = StatementSource(content["source"]), AmountUnit(content["unit"])
        currency = str(content["currency"])
    except (KeyError, TypeError, ValueError, AttributeError) as malformed:
        raise LoanRuleViolation("proposal.content") from malformed
    if (source is StatementSource.TYPED) is not (reading_id is None):
        raise LoanRuleViolation("proposal.content")
    filing = read_filing(currency, AmountUnit.ONE.value, years, source, reading_id)
    return replace(filing, unit=unit)


def _year_content(filed: FiledYear) -> dict[str, Any]:
    statement = filed.statement
    return {
        "year": statement.year,
        "audited": statement.audited,
        "auditor": filed.auditor,
        "ended_on": statement.ended_on.isoformat() if statement.ended_on else "",
        "lines": {name: f"{amount:f}" for name, amount in statement.lines.items()},
    }


def _typed(year: Mapping[str, Any]) -> TypedYear:
    lines = {str(name): str(text) for name, text in year["lines"].items()}
    named = str(int(year["year"]))
    audited = year["audited"]
    if not isinstance(audited, bool):
        raise TypeError("audited is true or false")
    return TypedYear(named, named, lines, audited, str(year["auditor"]), str(year["ended_on"]))


def _unit(unit: str, findings: _Findings) -> AmountUnit:
    try:
        return AmountUnit(unit)
    except ValueError:
        findings.add("unit", LoanRuleViolation("statement.unit_unknown"))
        return AmountUnit.ONE


def _years(columns: Sequence[TypedYear], findings: _Findings) -> list[int]:
    years: list[int] = []
    for column in columns:
        text = column.year.strip()
        year = int(text) if _YEAR.fullmatch(text) else 0
        if not FIRST_YEAR <= year <= LAST_YEAR:
            refused = LoanRuleViolation(
                "statement.year_wrong", min=str(FIRST_YEAR), max=str(LAST_YEAR)
            )
            findings.add(field_of(column.key, "year"), refused)
        elif year in years:
            findings.add(field_of(column.key, "year"), LoanRuleViolation("statement.year_twice"))
        years.append(year)
    return years


def _filed(
    column: TypedYear, year: int, currency: str, unit: AmountUnit, findings: _Findings
) -> FiledYear:
    statement = FinancialStatement(
        year=year,
        currency=currency,
        lines=_lines(column, unit, findings),
        audited=column.audited,
        ended_on=_ended_on(column, year, findings),
    )
    return FiledYear(statement, _auditor(column, findings))


def _lines(column: TypedYear, unit: AmountUnit, findings: _Findings) -> dict[str, Decimal]:
    lines: dict[str, Decimal] = {}
    for name, text in column.lines.items():
        if name not in _NAMES:
            findings.add("statements", LoanRuleViolation("statement.line_unknown"))
            continue
        try:
            stated = read_stated(text)
            if stated is not None:
                lines[name] = in_currency(stated, unit)
        except LoanRuleViolation as refused:
            findings.add(field_of(column.key, name), refused)
    return lines


def _ended_on(column: TypedYear, year: int, findings: _Findings) -> date | None:
    """The last day of the financial year, which lies in that year; None for 31 December."""
    text = column.ended_on.strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.year != year:
        findings.add(field_of(column.key, "ended_on"), LoanRuleViolation("statement.ended_wrong"))
    return day


def _auditor(column: TypedYear, findings: _Findings) -> str:
    """Who audited; an audited year names one."""
    name = field_of(column.key, "auditor")
    if not column.auditor.strip():
        if column.audited:
            findings.add(name, LoanRuleViolation("statement.auditor_missing"))
        return ""
    try:
        return clean_name(column.auditor)
    except LoanRuleViolation as refused:
        findings.add(name, refused)
        return ""
