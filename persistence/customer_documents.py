"""The papers of a customer: filed in versions, their originals checked under four eyes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers.dossier import RULES_BY_KIND, valid_to
from domain.customers.dossier.paper_checks import PaperCheck, read_paper_check
from domain.documents import DocumentFacts, check_document
from domain.people import Act, Actor
from domain.violations import DutyViolation, Finding, FindingsViolation, LoanRuleViolation
from persistence.audit import record
from persistence.clock import business_date
from persistence.customer_proposals import Effect, Proposed
from persistence.customer_work import locked_customer
from persistence.tables import CustomerDocument


@dataclass(frozen=True, slots=True)
class PaperDetails:
    """What the paper itself says: who issued it, when, and until when it counts."""

    issuer: str | None = None
    issued_on: date | None = None
    valid_to_on: date | None = None


async def add_customer_document(
    session: AsyncSession,
    customer_id: UUID,
    actor: Actor,
    facts: DocumentFacts,
    details: PaperDetails,
    now: datetime,
) -> UUID:
    """File a stored paper under its kind; an earlier one of the kind stays as a version.

    Violations: `duty.role`, `customer.unknown`, findings of the document checks,
    `choice.unknown`, `date.future` and `paper.ends_before`.
    """
    if not actor.may(Act.KEEP_DOSSIER):
        raise DutyViolation("duty.role")
    await locked_customer(session, customer_id)
    _refuse(facts, details, await business_date(session, now))
    document = CustomerDocument(
        id=uuid4(),
        customer_id=customer_id,
        kind=facts.kind,
        version=await _next_version(session, customer_id, facts.kind),
        filename=facts.filename,
        media_type=facts.media_type,
        size=facts.size,
        pages=facts.pages,
        sha256=facts.sha256,
        issuer=details.issuer,
        issued_on=details.issued_on,
        valid_to_on=valid_to(facts.kind, details.issued_on, details.valid_to_on),
        uploaded_by=UUID(actor.staff_id),
        uploaded_at=now,
    )
    session.add(document)
    record(
        session,
        "customer.document_filed",
        now,
        subject=str(customer_id),
        actor=actor,
        kind=document.kind,
        version=document.version,
        sha256=document.sha256,
    )
    return document.id


def record_reading(
    session: AsyncSession, customer_id: UUID, document_id: UUID, actor: Actor, now: datetime
) -> None:
    """Note who took a paper out to read it."""
    record(
        session,
        "customer.document_read",
        now,
        subject=str(customer_id),
        actor=actor,
        document=document_id,
    )


async def check_check(session: AsyncSession, proposed: Proposed, at: datetime) -> None:
    """Refuse a check that is malformed or of a paper that is not there to be checked.

    Violations: findings of `read_paper_check`, `paper.unknown`, `paper.checked`,
    `paper.superseded`.
    """
    await _checkable(session, proposed, at)


async def apply_check(session: AsyncSession, proposed: Proposed, at: datetime) -> tuple[UUID, ...]:
    """Write down what was found of the original, with both names. Violations: as `check_check`."""
    check, document = await _checkable(session, proposed, at)
    document.verdict = check.verdict
    document.original_seen = check.original_seen
    document.seen_how = check.seen_how
    document.seen_on = check.seen_on
    document.checked_by = proposed.proposed_by
    document.verified_by = proposed.decided_by
    document.verified_at = at
    document.proposal_id = proposed.id
    record(
        session,
        "customer.document_checked",
        at,
        subject=str(document.customer_id),
        document=document.id,
        kind=document.kind,
        verdict=check.verdict,
        proposal=proposed.id,
    )
    return ()


DOCUMENT_CHECK = Effect(check_check, apply_check)


async def _checkable(
    session: AsyncSession, proposed: Proposed, at: datetime
) -> tuple[PaperCheck, CustomerDocument]:
    check = read_paper_check(proposed.content, await business_date(session, at))
    document = await session.get(CustomerDocument, check.document_id)
    if document is None or document.customer_id != proposed.customer_id:
        raise LoanRuleViolation("paper.unknown")
    if document.verdict is not None:
        raise LoanRuleViolation("paper.checked")
    newest = await _next_version(session, document.customer_id, document.kind) - 1
    if document.version != newest:
        raise LoanRuleViolation("paper.superseded")
    return check, document


def _refuse(facts: DocumentFacts, details: PaperDetails, today: date) -> None:
    findings = list(check_document(facts))
    if facts.kind not in RULES_BY_KIND:
        findings.append(Finding("kind", "choice.unknown"))
    if details.issued_on is not None and details.issued_on > today:
        findings.append(Finding("issued_on", "date.future"))
    if details.issued_on and details.valid_to_on and details.valid_to_on < details.issued_on:
        findings.append(Finding("valid_to_on", "paper.ends_before"))
    if findings:
        raise FindingsViolation(findings)


async def _next_version(session: AsyncSession, customer_id: UUID, kind: str) -> int:
    """The customer's row is locked, so nobody counts at the same time."""
    statement = select(func.max(col(CustomerDocument.version))).where(
        col(CustomerDocument.customer_id) == customer_id, col(CustomerDocument.kind) == kind
    )
    return int((await session.execute(statement)).scalar_one() or 0) + 1
