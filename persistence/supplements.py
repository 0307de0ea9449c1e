"""Documents a customer hands in later, while a supplement is asked for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.documents import DocumentFacts
from domain.people import Actor
from domain.process import CaseStatus, WaitReason
from domain.violations import DutyViolation, LoanRuleViolation
from persistence.audit import record
from persistence.stages import locked_loan
from persistence.tables import Document


async def add_supplement_document(
    session: AsyncSession, loan_id: UUID, actor: Actor, facts: DocumentFacts, now: datetime
) -> UUID:
    """File a stored document with a submitted case; an earlier one of the kind stays as a version.

    Violations: `case.unknown`, `duty.role`, `supplement.not_asked`.
    """
    loan = await locked_loan(session, loan_id)
    if str(loan.officer_id) != actor.staff_id:
        raise DutyViolation("duty.role")
    if loan.status != CaseStatus.ACTIVE or loan.wait_reason != WaitReason.SUPPLEMENT:
        raise LoanRuleViolation("supplement.not_asked")
    document = Document(
        id=uuid4(),
        draft_id=loan_id,
        kind=facts.kind,
        version=await _next_version(session, loan_id, facts.kind),
        filename=facts.filename,
        media_type=facts.media_type,
        size=facts.size,
        pages=facts.pages,
        sha256=facts.sha256,
        uploaded_by=UUID(actor.staff_id),
        uploaded_at=now,
    )
    session.add(document)
    record(
        session,
        "document.uploaded",
        now,
        loan_id=loan_id,
        actor=actor,
        kind=facts.kind,
        version=document.version,
        sha256=facts.sha256,
    )
    return document.id


async def _next_version(session: AsyncSession, loan_id: UUID, kind: str) -> int:
    statement = select(func.max(col(Document.version))).where(
        col(Document.draft_id) == loan_id, col(Document.kind) == kind
    )
    return ((await session.execute(statement)).scalar_one() or 0) + 1
