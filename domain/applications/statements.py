"""The yearly statements: every line there, and the balance sheet balancing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from domain.applications.facts import Statement
from domain.applications.field_checks import statement_field
from domain.applications.fields import STATEMENT_LINES
from domain.applications.readers import read_figure
from domain.violations import Finding, LoanRuleViolation

Lines = Mapping[str, str]

# Statements rounded to thousands may miss by a little: the larger of one cent and 0.1 % of assets.
TOLERANCE = Decimal("0.01")
TOLERANCE_SHARE = Decimal("0.001")


def read_statement(year: int, lines: Lines) -> tuple[Statement | None, tuple[Finding, ...]]:
    """One year's statement, or every finding on it."""
    findings: list[Finding] = [
        Finding(statement_field(year, name), "field.unknown")
        for name in sorted(set(lines) - {line.name for line in STATEMENT_LINES})
    ]
    figures: dict[str, Decimal] = {}
    for line in STATEMENT_LINES:
        name = statement_field(year, line.name)
        text = lines.get(line.name, "")
        try:
            figures[line.name] = _read(text, line.may_be_negative)
        except LoanRuleViolation as violation:
            findings.append(Finding(name, violation.code, violation.params))
    findings += _sheet_findings(year, figures)
    return (None if findings else Statement(year=year, **figures)), tuple(findings)


def _read(text: str, may_be_negative: bool) -> Decimal:
    if not text.strip():
        raise LoanRuleViolation("field.required")
    return read_figure(text, may_be_negative)


def _sheet_findings(year: int, figures: Mapping[str, Decimal]) -> list[Finding]:
    """Codes: `statement.no_assets`, `statement.unbalanced`, `statement.part_exceeds_whole`."""
    findings = []
    if figures.get("total_assets") == 0:
        findings.append(Finding(statement_field(year, "total_assets"), "statement.no_assets"))
    if {"total_assets", "total_liabilities", "equity"} <= figures.keys() and not _balances(figures):
        findings.append(Finding(statement_field(year, "total_assets"), "statement.unbalanced"))
    for part, whole in (
        ("current_assets", "total_assets"),
        ("current_liabilities", "total_liabilities"),
    ):
        if {part, whole} <= figures.keys() and figures[part] > figures[whole]:
            name = statement_field(year, part)
            findings.append(Finding(name, "statement.part_exceeds_whole", {"whole": whole}))
    return findings


def _balances(figures: Mapping[str, Decimal]) -> bool:
    assets = figures["total_assets"]
    gap = abs(assets - figures["total_liabilities"] - figures["equity"])
    return gap <= max(TOLERANCE, assets * TOLERANCE_SHARE)
