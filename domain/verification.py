"""What the borrower declared, beside what each source says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from domain.texts import name_key

FigureOrText = Decimal | str | bool | None


class SourceStatus(StrEnum):
    """Whether a source has answered. A source that is down or slow is pending, never an error."""

    ANSWERED = "answered"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """One source's answer: facts by name; dates as ISO text, amounts as Decimal."""

    source: str
    status: SourceStatus
    as_of: datetime | None = None
    facts: Mapping[str, FigureOrText] = field(default_factory=dict)


class Match(StrEnum):
    """How a declared value stands to a found one."""

    MATCH = "match"
    MISMATCH = "mismatch"
    PENDING = "pending"  # the source has not answered
    NOT_COMPARABLE = "not_comparable"  # one side does not know the field


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field at one source. `difference` and `tolerance` are fractions of the declared value."""

    field: str
    source: str
    declared: str
    found: str | None
    difference: Decimal | None
    tolerance: Decimal | None
    verdict: Match


Declared = Mapping[str, object]
_Compare = Callable[["_Item", object, object], Comparison]


@dataclass(frozen=True, slots=True)
class _Item:
    field: str
    source: str
    compare: _Compare
    tolerance: Decimal | None = None

    def result(
        self, declared: object, found: object, verdict: Match, difference: Decimal | None = None
    ) -> Comparison:
        return Comparison(
            field=self.field,
            source=self.source,
            declared=_spelt(declared) or "",
            found=_spelt(found),
            difference=difference,
            tolerance=self.tolerance,
            verdict=verdict,
        )


def compare(facts: Declared, reports: Mapping[str, SourceFacts]) -> tuple[Comparison, ...]:
    """Compare every field with every source that knows it; sources that were not asked are left out.

    `facts` holds name, legal_representative, established_on, revenue and net_profit as declared.
    """
    return tuple(
        _compared(item, facts.get(item.field), reports[item.source])
        for item in MATRIX
        if item.source in reports
    )


def mismatches(comparisons: tuple[Comparison, ...]) -> int:
    """How many comparisons are beyond their tolerance."""
    return sum(comparison.verdict is Match.MISMATCH for comparison in comparisons)


def _compared(item: _Item, declared: object, report: SourceFacts) -> Comparison:
    if report.status is SourceStatus.PENDING:
        return item.result(declared, None, Match.PENDING)
    found = report.facts.get(item.field)
    if _blank(declared) or _blank(found):
        return item.result(declared, found, Match.NOT_COMPARABLE)
    return item.compare(item, declared, found)


def _by_name(item: _Item, declared: object, found: object) -> Comparison:
    same = name_key(str(declared)) == name_key(str(found))
    return item.result(declared, found, Match.MATCH if same else Match.MISMATCH)


def _by_date(item: _Item, declared: object, found: object) -> Comparison:
    same = _spelt(declared) == _spelt(found)
    return item.result(declared, found, Match.MATCH if same else Match.MISMATCH)


def _by_amount(item: _Item, declared: object, found: object) -> Comparison:
    if not _finite(declared, found):
        return item.result(declared, found, Match.NOT_COMPARABLE)
    difference = relative_difference(Decimal(str(declared)), Decimal(str(found)))
    within = item.tolerance is not None and difference <= item.tolerance
    return item.result(declared, found, Match.MATCH if within else Match.MISMATCH, difference)


def _by_sign(item: _Item, declared: object, found: object) -> Comparison:
    if not _finite(declared, found):
        return item.result(declared, found, Match.NOT_COMPARABLE)
    same = (Decimal(str(declared)) < 0) == (Decimal(str(found)) < 0)
    return item.result(declared, found, Match.MATCH if same else Match.MISMATCH)


def relative_difference(declared: Decimal, found: Decimal) -> Decimal:
    """The distance as a fraction of the declared value, unrounded; 1 where nothing was declared."""
    if declared == found:
        return Decimal(0)
    return abs(declared - found) / abs(declared) if declared else Decimal(1)


def _blank(value: object) -> bool:
    return value is None or value == ""


def _finite(*values: object) -> bool:
    return all(isinstance(value, Decimal) and value.is_finite() for value in values)


def _spelt(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


# The bank's own tolerances: revenue against tax 15 %, against the bank flow 30 %, profit by sign.
MATRIX: tuple[_Item, ...] = (
    _Item("name", "registry", _by_name),
    _Item("legal_representative", "registry", _by_name),
    _Item("established_on", "registry", _by_date),
    _Item("revenue", "tax", _by_amount, Decimal("0.15")),
    _Item("revenue", "bank_flow", _by_amount, Decimal("0.30")),
    _Item("net_profit", "tax", _by_sign),
)
