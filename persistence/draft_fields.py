"""What a draft may keep: known names, raw texts as typed, nothing hidden in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from domain.applications import FIELDS_BY_NAME, STATEMENT_LINES, FieldKind, statement_field
from domain.texts import PARAGRAPH_LENGTH_MAX, clean_name, clean_paragraph
from domain.violations import Finding, FindingsViolation, LoanRuleViolation

Fields = Mapping[str, str]
Statements = Mapping[str, Mapping[str, str]]

LINE_LENGTH_MAX = 200
STATEMENT_YEARS_MAX = 12
_YEAR = re.compile("(18|19|20|21)[0-9]{2}")
_LINE_NAMES = frozenset(line.name for line in STATEMENT_LINES)


def refuse_unkeepable(fields: Fields, statements: Statements) -> None:
    """Refuse a save that names what the form does not have, or hides something in a text.

    Violation: findings with `field.unknown`, `text.bidi`, `text.control`, `text.too_long`. An
    unknown name was typed by somebody, so the finding names only where it stood.
    """
    findings = (*_field_findings(fields), *_statement_findings(statements))
    if findings:
        raise FindingsViolation(findings)


def _field_findings(fields: Fields) -> Iterator[Finding]:
    for name, text in fields.items():
        field = FIELDS_BY_NAME.get(name)
        if field is None:
            yield Finding("fields", "field.unknown")
        else:
            yield from _text_findings(name, text, field.kind is FieldKind.PARAGRAPH)


def _statement_findings(statements: Statements) -> Iterator[Finding]:
    if len(statements) > STATEMENT_YEARS_MAX:
        yield Finding("statements", "field.unknown")
    for year, lines in statements.items():
        if _YEAR.fullmatch(year) is None or not _LINE_NAMES.issuperset(lines):
            yield Finding("statements", "field.unknown")
            continue
        for name, text in lines.items():
            yield from _text_findings(statement_field(year, name), text, paragraph=False)


def _text_findings(name: str, text: str, paragraph: bool) -> Iterator[Finding]:
    """An empty text takes an entry back, so it is kept like any other."""
    if not text.strip(" "):
        return
    try:
        if paragraph:
            clean_paragraph(text, PARAGRAPH_LENGTH_MAX)
        else:
            clean_name(text, LINE_LENGTH_MAX)
    except LoanRuleViolation as violation:
        yield Finding(name, violation.code, violation.params)
