"""A customer's yearly statements: those in force at an instant, and every one that ever was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from domain.financials import FinancialStatement
from domain.financials.amounts import AmountUnit
from domain.financials.packing import unpacked
from domain.financials.readings import Reading, StatementSource
from domain.people import Act, Actor
from persistence.queries.names import BilingualName
from persistence.tables import FinancialStatementRow, Staff, StatementReading

YEARS_SHOWN = 12
HISTORY_LENGTH = 60


@dataclass(frozen=True, slots=True)
class HeldStatement:
    """A year with where it came from and who stands for it."""

    id: UUID
    statement: FinancialStatement
    unit: AmountUnit
    auditor: str
    source: StatementSource
    reading_id: UUID | None
    filename: str | None
    proposal_id: UUID
    proposer: BilingualName
    approver: BilingualName
    filed_at: datetime
    known_from: datetime
    known_to: datetime | None


@dataclass(frozen=True, slots=True)
class KeptReading:
    """What a file was read as, and the file."""

    id: UUID
    reading: Reading
    filename: str
    media_type: str
    sha256: str
    uploader: BilingualName
    uploaded_at: datetime


async def statements_of(
    session: AsyncSession, customer_id: UUID, as_of: datetime | None
) -> tuple[FinancialStatement, ...]:
    """The years in force at an instant, or now, newest first; amounts in the currency."""
    statement = (
        select(FinancialStatementRow)
        .where(*_in_force(customer_id, as_of))
        .order_by(col(FinancialStatementRow.year).desc())
    )
    rows = (await session.execute(statement)).scalars()
    return tuple(_statement(row) for row in rows)


async def held_statements(
    session: AsyncSession, customer_id: UUID, as_of: datetime | None = None
) -> tuple[HeldStatement, ...]:
    """The years in force at an instant, or now, newest first, with their provenance."""
    statement = (
        _held()
        .where(*_in_force(customer_id, as_of))
        .order_by(col(FinancialStatementRow.year).desc())
        .limit(YEARS_SHOWN)
    )
    return tuple(_view(row) for row in (await session.execute(statement)).all())


async def superseded_statements(
    session: AsyncSession, customer_id: UUID
) -> tuple[HeldStatement, ...]:
    """Years that were restated since, the latest restated first."""
    statement = (
        _held()
        .where(
            col(FinancialStatementRow.customer_id) == customer_id,
            col(FinancialStatementRow.known_to).is_not(None),
        )
        .order_by(
            col(FinancialStatementRow.known_to).desc(), col(FinancialStatementRow.year).desc()
        )
        .limit(HISTORY_LENGTH)
    )
    return tuple(_view(row) for row in (await session.execute(statement)).all())


async def kept_reading(
    session: AsyncSession, actor: Actor, customer_id: UUID, reading_id: UUID
) -> KeptReading | None:
    """One reading; None where there is none of this customer or it is not this reader's."""
    if not actor.may(Act.READ_CUSTOMERS):
        return None
    statement = (
        select(StatementReading, col(Staff.name_zh), col(Staff.name_en))
        .join(Staff, col(Staff.id) == col(StatementReading.uploaded_by))
        .where(
            col(StatementReading.id) == reading_id,
            col(StatementReading.customer_id) == customer_id,
        )
    )
    found = (await session.execute(statement)).one_or_none()
    if found is None:
        return None
    row: StatementReading = found[0]
    return KeptReading(
        id=row.id,
        reading=unpacked(row.reading),
        filename=row.filename,
        media_type=row.media_type,
        sha256=row.sha256,
        uploader=BilingualName(found[1], found[2]),
        uploaded_at=row.uploaded_at,
    )


def _in_force(customer_id: UUID, as_of: datetime | None) -> tuple[Any, ...]:
    own = col(FinancialStatementRow.customer_id) == customer_id
    ended = col(FinancialStatementRow.known_to)
    if as_of is None:
        return own, ended.is_(None)
    begun = col(FinancialStatementRow.known_from) <= as_of
    return own, begun, or_(ended.is_(None), ended > as_of)


def _held() -> Select[*tuple[Any, ...]]:
    proposer, approver = aliased(Staff), aliased(Staff)
    return (
        select(
            FinancialStatementRow,
            col(StatementReading.filename),
            col(proposer.name_zh),
            col(proposer.name_en),
            col(approver.name_zh),
            col(approver.name_en),
        )
        .join(proposer, col(proposer.id) == col(FinancialStatementRow.proposed_by))
        .join(approver, col(approver.id) == col(FinancialStatementRow.approved_by))
        .outerjoin(
            StatementReading, col(StatementReading.id) == col(FinancialStatementRow.reading_id)
        )
    )


def _view(found: Row[*tuple[Any, ...]]) -> HeldStatement:
    row: FinancialStatementRow = found[0]
    return HeldStatement(
        id=row.id,
        statement=_statement(row),
        unit=AmountUnit(row.unit),
        auditor=row.auditor,
        source=StatementSource(row.source),
        reading_id=row.reading_id,
        filename=found[1],
        proposal_id=row.proposal_id,
        proposer=BilingualName(found[2], found[3]),
        approver=BilingualName(found[4], found[5]),
        filed_at=row.filed_at,
        known_from=row.known_from,
        known_to=row.known_to,
    )


def _statement(row: FinancialStatementRow) -> FinancialStatement:
    return FinancialStatement(
        year=row.year,
        currency=row.currency,
        lines={name: Decimal(text) for name, text in row.lines.items()},
        audited=row.audited,
        ended_on=row.ended_on,
    )
