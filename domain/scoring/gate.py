"""What must hold of figures before a model may speak: bad input is named, never scored."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from domain.financials.statement import LINES
from domain.violations import Finding

TOLERANCE = Decimal("0.001")
"""A sheet may be off by a thousandth of total assets: figures are rounded when they are printed."""

_UNSIGNED = tuple(line.name for line in LINES if not line.signed)
_PARTS = (
    ("current_assets", "total_assets"),
    ("inventory", "total_assets"),
    ("receivables", "total_assets"),
    ("current_liabilities", "total_liabilities"),
    ("long_term_debt", "total_liabilities"),
)


def findings_of(lines: Mapping[str, Decimal]) -> tuple[Finding, ...]:
    """Everything that forbids a score. Codes: `scoring.no_assets`, `scoring.negative`,
    `scoring.part_exceeds_whole`, `scoring.unbalanced`; the field is the line.
    """
    assets = lines.get("total_assets")
    if assets is None or assets == 0:
        return (Finding("total_assets", "scoring.no_assets"),)
    negative = [Finding(n, "scoring.negative") for n in _UNSIGNED if n in lines and lines[n] < 0]
    if negative:
        return tuple(negative)
    slack = assets * TOLERANCE
    parts = [
        Finding(part, "scoring.part_exceeds_whole", {"whole": whole})
        for part, whole in _PARTS
        if part in lines and whole in lines and lines[part] > lines[whole] + slack
    ]
    owed, own = lines.get("total_liabilities"), lines.get("equity")
    if owed is not None and own is not None and abs(assets - owed - own) > slack:
        parts.append(Finding("total_assets", "scoring.unbalanced"))
    return tuple(parts)
