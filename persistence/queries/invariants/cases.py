"""What the engine's view is compared with: each case as the books have it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from persistence.tables import Draft, HistoryExport, Loan


@dataclass(frozen=True, slots=True)
class CaseInTheBooks:
    """Where the books say a case stands."""

    loan_id: UUID
    case_number: str
    stage: str
    status: str
    version: int
    closed_reason: str | None
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class StoredHistory:
    """A closed run's exported history: where it lies and what it must hash to."""

    loan_id: UUID
    run_id: str
    path: str
    sha256: str


async def cases_in_the_books(session: AsyncSession) -> dict[UUID, CaseInTheBooks]:
    """Every submitted case by its id."""
    return {row.id: _case(row) for row in (await session.execute(_SELECT)).all()}


async def find_case(session: AsyncSession, name: str) -> CaseInTheBooks | None:
    """A case by its case number or its id."""
    same_number = func.lower(col(Loan.case_number)) == name.strip().lower()
    named = or_(same_number, col(Loan.id) == _uuid(name)) if _uuid(name) else same_number
    row = (await session.execute(_SELECT.where(named))).first()
    return _case(row) if row is not None else None


async def open_drafts(session: AsyncSession) -> frozenset[UUID]:
    """Drafts that are no case yet; a workflow may already wait for their correction."""
    statement = select(col(Draft.id)).where(col(Draft.submitted_at).is_(None))
    return frozenset((await session.execute(statement)).scalars())


async def stored_histories(
    session: AsyncSession, loan_id: UUID | None = None
) -> list[StoredHistory]:
    """The exported histories, of one case or all."""
    statement = select(HistoryExport).order_by(col(HistoryExport.exported_at))
    if loan_id is not None:
        statement = statement.where(col(HistoryExport.loan_id) == loan_id)
    rows = (await session.execute(statement)).scalars()
    return [StoredHistory(row.loan_id, row.run_id, row.path, row.sha256) for row in rows]


_SELECT = select(
    col(Loan.id),
    col(Loan.case_number),
    col(Loan.stage),
    col(Loan.status),
    col(Loan.version),
    col(Loan.closed_reason),
    col(Loan.submitted_at),
)


def _case(row: tuple[UUID, str, str, str, int, str | None, datetime]) -> CaseInTheBooks:
    return CaseInTheBooks(*row)


def _uuid(name: str) -> UUID | None:
    try:
        return UUID(name.strip())
    except ValueError:
        return None
