"""What the bank found out about a case: sources, verification matrix and decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from persistence.queries.names import BilingualName, bilingual
from persistence.tables import ComparisonRow, DecisionRow, SourceReportRow, Staff


@dataclass(frozen=True, slots=True)
class SourceView:
    """How one source answered; facts as it spelt them."""

    source: str
    status: str
    as_of: date | None
    facts: Mapping[str, str | None]
    raw_sha256: str | None
    latency_ms: int | None
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """One cell of the verification matrix; difference and tolerance are fractions."""

    field: str
    source: str
    declared: str | None
    found: str | None
    difference: Decimal | None
    tolerance: Decimal | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Verification:
    """Everything the sources said, and how it stands to what was declared."""

    sources: tuple[SourceView, ...]
    comparisons: tuple[ComparisonView, ...]

    @property
    def mismatches(self) -> int:
        """How many declared values a source contradicts."""
        return sum(comparison.verdict == "mismatch" for comparison in self.comparisons)


@dataclass(frozen=True, slots=True)
class TermView:
    """One term of the score."""

    name: str
    value: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One verdict with everything it rested on; `name` is None for the decision engine."""

    maker: str
    name: BilingualName | None
    verdict: str
    reasons: Sequence[str]
    comment: str | None
    decided_at: datetime
    policy_code: str | None
    policy_version: int | None
    product_version: int | None
    model: str | None
    model_version: str | None
    score: Decimal | None
    grade: str | None
    pd: Decimal | None
    matched_rules: Sequence[str]
    contributions: tuple[TermView, ...]
    terms_sha256: str | None


async def verification(session: AsyncSession, loan_id: UUID) -> Verification:
    """The reports of the sources and the matrix, in the order they were asked and compared."""
    reports = select(SourceReportRow).where(col(SourceReportRow.loan_id) == loan_id)
    cells = select(ComparisonRow).where(col(ComparisonRow.loan_id) == loan_id)
    sources = (await session.execute(reports.order_by(col(SourceReportRow.source)))).scalars()
    comparisons = (await session.execute(cells.order_by(col(ComparisonRow.id)))).scalars()
    return Verification(
        tuple(SourceView(**_columns(row, SourceView)) for row in sources),
        tuple(ComparisonView(**_columns(row, ComparisonView)) for row in comparisons),
    )


async def decisions(session: AsyncSession, loan_id: UUID) -> tuple[DecisionView, ...]:
    """Every verdict on a case, newest first."""
    statement = (
        select(DecisionRow, col(Staff.name_zh), col(Staff.name_en))
        .outerjoin(Staff, col(Staff.id) == col(DecisionRow.staff_id))
        .where(col(DecisionRow.loan_id) == loan_id)
        .order_by(col(DecisionRow.id).desc())
    )
    return tuple(_decision(row) for row in (await session.execute(statement)).all())


def _decision(row: Row[*tuple[Any, ...]]) -> DecisionView:
    known = _columns(row[0], DecisionView)
    terms = tuple(_term(term) for term in row[0].contributions)
    return DecisionView(**known | {"name": bilingual(row[1], row[2]), "contributions": terms})


def _term(term: Mapping[str, str]) -> TermView:
    return TermView(term["name"], Decimal(term["value"]), Decimal(term["points"]))


def _columns(row: object, view: type[Any]) -> dict[str, Any]:
    return {name: getattr(row, name, None) for name in view.__slots__}
