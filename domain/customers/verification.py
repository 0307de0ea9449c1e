"""The verification matrix of a customer (核实矩阵): what it declares, beside every source.

Outside sources are asked; an audit report and a lawyer's opinion are papers whose values a person
has entered. What the courts, the lists and the registers hold against a firm is a hit: like a
difference it stands until a person has disposed of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from domain.strict_data import read_number
from domain.verification import (
    Comparison,
    Match,
    MatrixCell,
    SourceFacts,
    SourceStatus,
    by_amount,
    by_date,
    by_name,
    by_sign,
    compared,
)

AUDITOR, LAWYER, INTERNAL = "auditor", "lawyer", "internal"
IDENTITY = "identity"
"""The dossier's section whose items are the fields themselves."""
OUTSIDE = (
    "registry",
    "bureau",
    "bureau_controller",
    "tax",
    "courts",
    "sanctions",
    "bank_flow",
    "invoices",
    "related_parties",
    "collateral_registry",
)
"""The sources asked at once; each is waited for on its own."""
COLUMNS = ("registry", "tax", AUDITOR, LAWYER, "bank_flow", "invoices")
"""The matrix's columns beside the customer's own; others only where they hold a field."""


class CellVerdict(StrEnum):
    """How a cell stands; the first two call for a person, the next three are a person's word."""

    MISMATCH = "mismatch"
    HIT = "hit"
    EXPLAINED = "explained"
    CORRECTED = "corrected"
    FALSE_MATERIAL = "false_material"
    MATCH = "match"
    PENDING = "pending"
    NOT_COMPARABLE = "not_comparable"
    MISSING = "missing"  # the customer has not declared what the source states


OPEN_VERDICTS = (CellVerdict.MISMATCH, CellVerdict.HIT)


@dataclass(frozen=True, slots=True)
class Cell:
    """One field at one source. `difference` and `tolerance` are fractions of the declared value.

    A hit has nothing declared; its `found` is what the source holds against the customer.
    """

    field: str
    source: str
    declared: str
    found: str | None
    difference: Decimal | None
    tolerance: Decimal | None
    verdict: CellVerdict


@dataclass(frozen=True, slots=True)
class Tally:
    """How a verification stands, in numbers."""

    matches: int
    mismatches: int
    hits: int
    disposed: int
    pending: int


# Revenue against tax 15 %, against bank flow 30 %, profit by sign: the bank's own tolerances. An
# audit report states the very figures the customer declares; half a percent is for rounding.
_TAX, _FLOW, _AUDIT, _REGISTERED = (
    Decimal("0.15"),
    Decimal("0.30"),
    Decimal("0.005"),
    Decimal(0),
)
MATRIX: tuple[MatrixCell, ...] = (
    MatrixCell("name", "registry", "name", by_name),
    MatrixCell("name", LAWYER, "name", by_name),
    MatrixCell("legal_representative", "registry", "legal_representative", by_name),
    MatrixCell("legal_representative", LAWYER, "legal_representative", by_name),
    MatrixCell("established_on", "registry", "established_on", by_date),
    MatrixCell("registered_capital", "registry", "registered_capital", by_amount, _REGISTERED),
    MatrixCell("registered_capital", LAWYER, "registered_capital", by_amount, _REGISTERED),
    MatrixCell("address", "registry", "address", by_name),
    MatrixCell("licence_status", "registry", "status", by_name),
    MatrixCell("licence_status", LAWYER, "licence_status", by_name),
    MatrixCell("controller", "registry", "controller", by_name),
    MatrixCell("controller", "related_parties", "controller", by_name),
    MatrixCell("controller", "bureau_controller", "controller", by_name),
    MatrixCell("controller", LAWYER, "controller", by_name),
    MatrixCell("revenue", "tax", "revenue", by_amount, _TAX),
    MatrixCell("revenue", AUDITOR, "revenue", by_amount, _AUDIT),
    MatrixCell("revenue", "bank_flow", "inflow_12m", by_amount, _FLOW),
    MatrixCell("revenue", "invoices", "invoiced_12m", by_amount, _TAX),
    MatrixCell("net_profit", "tax", "net_profit", by_sign),
    MatrixCell("net_profit", AUDITOR, "net_profit", by_amount, _AUDIT),
    MatrixCell("total_assets", AUDITOR, "total_assets", by_amount, _AUDIT),
    MatrixCell("equity", AUDITOR, "equity", by_amount, _AUDIT),
    MatrixCell("tax", "tax", "tax_paid", by_amount, _TAX),
    MatrixCell("tax", AUDITOR, "tax", by_amount, _AUDIT),
)
FIELDS = tuple(dict.fromkeys(cell.field for cell in MATRIX))


def _above(limit: str) -> Callable[[str], bool]:
    def strikes(found: str) -> bool:
        figure = read_number(found)
        return figure is not None and figure > Decimal(limit)

    return strikes


def _is(*codes: str) -> Callable[[str], bool]:
    return lambda found: found in codes


# What is held against a customer, and from where on.
HITS: tuple[tuple[str, str, Callable[[str], bool]], ...] = (
    ("sanctions", "hit", _is("true")),
    ("courts", "dishonest_debtor", _is("true")),
    ("courts", "open_cases", _above("0")),
    ("registry", "status", _is("abnormal", "revoked")),
    ("registry", "penalties", _above("0")),
    ("tax", "grade", _is("D")),
    ("tax", "arrears", _above("0")),
    ("bureau", "days_past_due_elsewhere", _above("0")),
    ("bureau", "worst_class", _is("special_mention", "substandard", "doubtful", "loss")),
    ("bureau_controller", "days_past_due_elsewhere", _above("0")),
    ("bureau_controller", "worst_class", _is("special_mention", "substandard", "doubtful", "loss")),
    ("invoices", "largest_customer_share", _above("0.5")),
    ("related_parties", "circular_ownership", _is("true")),
    ("related_parties", "related_in_default", _above("0")),
    ("collateral_registry", "seized", _is("true")),
    (INTERNAL, "days_past_due_here", _above("0")),
)


def customer_matrix(
    declared: Mapping[str, object], reports: Mapping[str, SourceFacts]
) -> tuple[Cell, ...]:
    """Every field beside every source that was asked, and every hit.

    `declared` holds the fields of `FIELDS` as the customer stated them: texts, days, Decimals.
    """
    cells = [
        _cell(compared(cell, declared.get(cell.field), reports[cell.source]))
        for cell in MATRIX
        if cell.source in reports
    ]
    return (*cells, *_hits(reports))


def tally(verdicts: tuple[CellVerdict, ...]) -> Tally:
    """Count the cells of a matrix."""
    disposed = (CellVerdict.EXPLAINED, CellVerdict.CORRECTED, CellVerdict.FALSE_MATERIAL)
    return Tally(
        matches=verdicts.count(CellVerdict.MATCH),
        mismatches=verdicts.count(CellVerdict.MISMATCH),
        hits=verdicts.count(CellVerdict.HIT),
        disposed=sum(verdict in disposed for verdict in verdicts),
        pending=verdicts.count(CellVerdict.PENDING),
    )


def proposable(field: str) -> bool:
    """Whether a registered value of the field may be taken over into the dossier's identity."""
    return field in ("name", "legal_representative", "established_on", "registered_capital")


def registered_values(facts: Mapping[str, Any]) -> dict[str, str]:
    """What the registry states, as values of the dossier's identity."""
    return {name: str(value) for name, value in facts.items() if value and proposable(name)}


def _cell(found: Comparison) -> Cell:
    return Cell(
        found.field,
        found.source,
        found.declared,
        found.found,
        found.difference,
        found.tolerance,
        _verdict(found),
    )


def _verdict(found: Comparison) -> CellVerdict:
    if found.verdict is Match.NOT_COMPARABLE and not found.declared and found.found is not None:
        return CellVerdict.MISSING
    return CellVerdict(found.verdict)


def _hits(reports: Mapping[str, SourceFacts]) -> tuple[Cell, ...]:
    return tuple(
        Cell(fact, source, "", found, None, None, CellVerdict.HIT)
        for source, fact, strikes in HITS
        if (found := _stated(reports.get(source), fact)) is not None and strikes(found)
    )


def _stated(report: SourceFacts | None, fact: str) -> str | None:
    if report is None or report.status is not SourceStatus.ANSWERED:
        return None
    return report.facts.get(fact)
