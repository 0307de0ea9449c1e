"""What the borrower declared and handed in: facts, statements and documents of one case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.applications import ApplicationFacts
from persistence.queries.names import BilingualName
from persistence.rules import facts_of
from persistence.tables import Document, Loan, Staff


@dataclass(frozen=True, slots=True)
class CaseDocument:
    """One version of one document; the newest of a kind is the one in force."""

    id: UUID
    kind: str
    version: int
    filename: str
    media_type: str
    size: int
    pages: int | None
    sha256: str
    uploaded_by: BilingualName
    uploaded_at: datetime
    in_force: bool


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The declared facts as they were submitted, and every document version."""

    facts: ApplicationFacts
    documents: tuple[CaseDocument, ...]


async def case_file(session: AsyncSession, loan_id: UUID) -> CaseFile | None:
    """The file of a submitted case."""
    loan = await session.get(Loan, loan_id)
    if loan is None:
        return None
    return CaseFile(facts_of(loan), await case_documents(session, loan_id))


async def case_documents(session: AsyncSession, loan_id: UUID) -> tuple[CaseDocument, ...]:
    """Every version of every document, by kind, newest first."""
    statement = (
        select(Document, col(Staff.name_zh), col(Staff.name_en))
        .join(Staff, col(Staff.id) == col(Document.uploaded_by))
        .where(col(Document.draft_id) == loan_id)
        .order_by(col(Document.kind), col(Document.version).desc())
    )
    rows = (await session.execute(statement)).all()
    newest: dict[str, int] = {}
    for row in rows:
        newest.setdefault(row[0].kind, row[0].version)
    return tuple(_document(row, newest) for row in rows)


def _document(row: Row[*tuple[Any, ...]], newest: dict[str, int]) -> CaseDocument:
    document: Document = row[0]
    return CaseDocument(
        id=document.id,
        kind=document.kind,
        version=document.version,
        filename=document.filename,
        media_type=document.media_type,
        size=document.size,
        pages=document.pages,
        sha256=document.sha256,
        uploaded_by=BilingualName(row[1], row[2]),
        uploaded_at=document.uploaded_at,
        in_force=newest[document.kind] == document.version,
    )
