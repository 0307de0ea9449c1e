"""What the borrower declared, beside what each source says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from domain.strict_data import read_number
from domain.texts import name_key

FRACTION_STEP = Decimal("0.000001")


class SourceStatus(StrEnum):
    """Whether a source has answered. A source that is down or slow is pending, never an error."""

    ANSWERED = "answered"
    PENDING = "pending"
    REFUSED = "refused"  # it will not say


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """One source's answer: facts by name, as text; None where the source does not know.

    Dates are ISO, counts and amounts plain decimal digits, flags `true` or `false`.
    """

    source: str
    status: SourceStatus
    as_of: date | None = None
    facts: Mapping[str, str | None] = field(default_factory=dict)


class Match(StrEnum):
    """How a declared value stands to a found one."""

    MATCH = "match"
    MISMATCH = "mismatch"
    PENDING = "pending"  # the source has not answered, or will not
    NOT_COMPARABLE = "not_comparable"  # one side does not know the field


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field at one source. `difference` and `tolerance` are fractions of the declared value.

    The difference is rounded half-even to a millionth, after it was judged.
    """

    field: str
    source: str
    declared: str
    found: str | None
    difference: Decimal | None
    tolerance: Decimal | None
    verdict: Match


Declared = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """Which declared field is held against which fact of which source, and how."""

    field: str
    source: str
    fact: str
    judge: Callable[[object, str, Decimal | None], tuple[Match, Decimal | None]]
    tolerance: Decimal | None = None


def compare(facts: Declared, reports: Mapping[str, SourceFacts]) -> tuple[Comparison, ...]:
    """Compare every field with every source that states it; a source never asked is left out.

    `facts` holds name, legal_representative, established_on, revenue and net_profit as declared.
    """
    return tuple(
        compared(cell, facts.get(cell.field), reports[cell.source])
        for cell in MATRIX
        if cell.source in reports
    )


def mismatches(comparisons: tuple[Comparison, ...]) -> int:
    """How many comparisons are beyond their tolerance."""
    return sum(comparison.verdict is Match.MISMATCH for comparison in comparisons)


def relative_difference(declared: Decimal, found: Decimal) -> Decimal:
    """The distance as a fraction of the declared value, unrounded; 1 where nothing was declared."""
    if declared == found:
        return Decimal(0)
    return abs(declared - found) / abs(declared) if declared else Decimal(1)


def compared(cell: MatrixCell, declared: object, report: SourceFacts) -> Comparison:
    """One declared value beside what one source states."""
    found = report.facts.get(cell.fact) or None
    verdict, difference = _judged(cell, declared, report.status, found)
    return Comparison(
        field=cell.field,
        source=cell.source,
        declared=_spelt(declared),
        found=found,
        difference=None
        if difference is None
        else difference.quantize(FRACTION_STEP, ROUND_HALF_EVEN),
        tolerance=cell.tolerance,
        verdict=verdict,
    )


def _judged(
    cell: MatrixCell, declared: object, status: SourceStatus, found: str | None
) -> tuple[Match, Decimal | None]:
    if status is not SourceStatus.ANSWERED:
        return Match.PENDING, None
    if declared is None or declared == "" or found is None:
        return Match.NOT_COMPARABLE, None
    return cell.judge(declared, found, cell.tolerance)


def by_name(
    declared: object, found: str, _tolerance: Decimal | None
) -> tuple[Match, Decimal | None]:
    """The same name, whatever its width, case or spaces."""
    return _match(name_key(str(declared)) == name_key(found)), None


def by_date(
    declared: object, found: str, _tolerance: Decimal | None
) -> tuple[Match, Decimal | None]:
    """The same day."""
    return _match(_spelt(declared) == found), None


def by_amount(
    declared: object, found: str, tolerance: Decimal | None
) -> tuple[Match, Decimal | None]:
    """Within the tolerance, as a fraction of the declared amount."""
    stated = read_number(found)
    if stated is None or not isinstance(declared, Decimal) or tolerance is None:
        return Match.NOT_COMPARABLE, None
    difference = relative_difference(declared, stated)
    return _match(difference <= tolerance), difference


def by_sign(
    declared: object, found: str, _tolerance: Decimal | None
) -> tuple[Match, Decimal | None]:
    """Both a profit, or both a loss."""
    stated = read_number(found)
    if stated is None or not isinstance(declared, Decimal):
        return Match.NOT_COMPARABLE, None
    return _match((declared < 0) == (stated < 0)), None


def _match(same: bool) -> Match:
    return Match.MATCH if same else Match.MISMATCH


def _spelt(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


# The bank's own tolerances: revenue against tax 15 %, against the bank flow 30 %, profit by sign.
MATRIX: tuple[MatrixCell, ...] = (
    MatrixCell("name", "registry", "name", by_name),
    MatrixCell("legal_representative", "registry", "legal_representative", by_name),
    MatrixCell("established_on", "registry", "established_on", by_date),
    MatrixCell("revenue", "tax", "revenue", by_amount, Decimal("0.15")),
    MatrixCell("revenue", "bank_flow", "inflow_12m", by_amount, Decimal("0.30")),
    MatrixCell("net_profit", "tax", "net_profit", by_sign),
)
