"""Application drafts: opened, saved as they are typed, given documents, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.applications import DraftCheck, check_draft
from domain.documents import DocumentFacts, check_document
from domain.people import Act, Actor
from domain.products import ProductRules
from domain.violations import Finding, FindingsViolation, LoanRuleViolation
from persistence.audit import record
from persistence.clock import business_date
from persistence.customer_standing import refuse_unlent
from persistence.draft_fields import Fields, Statements, refuse_unkeepable
from persistence.rules import product_in_force
from persistence.tables import Customer, Document, Draft

OTHER_DOCUMENT = "other"  # what no checklist asks for may still be filed


@dataclass(frozen=True, slots=True)
class CustomerBrief:
    """Whose draft it is."""

    id: UUID
    scheme: str
    registration_number: str
    name: str


@dataclass(frozen=True, slots=True)
class DocumentView:
    """One uploaded version of one document."""

    id: UUID
    version: int
    facts: DocumentFacts
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as it stands; `documents` holds the newest version of each kind."""

    id: UUID
    customer: CustomerBrief
    product_code: str
    fields: Fields
    statements: Statements
    documents: tuple[DocumentView, ...]
    version: int
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None


async def create_draft(
    session: AsyncSession, customer_id: UUID, actor: Actor, product_code: str, now: datetime
) -> UUID:
    """Open a draft for a customer.

    Violations: `customer.unknown`, `customer.stopped`, `customer.locked`, `product.not_offered`.
    """
    if await session.get(Customer, customer_id) is None:
        raise LoanRuleViolation("customer.unknown")
    await refuse_unlent(session, customer_id)
    product = await product_in_force(session, product_code, await business_date(session, now))
    draft = Draft(
        id=uuid4(),
        customer_id=customer_id,
        officer_id=UUID(actor.staff_id),
        product_code=product.code,
        fields=_given_by(product),
        statements={},
        created_at=now,
        updated_at=now,
    )
    session.add(draft)
    record(session, "draft.opened", now, subject=str(draft.id), actor=actor, product=product.code)
    return draft.id


async def save_fields(
    session: AsyncSession,
    draft_id: UUID,
    actor: Actor,
    fields: Fields,
    statements: Statements,
    now: datetime,
) -> int:
    """Keep entries as typed; those not named stay as they are. Returns the draft's version.

    Violations: `draft.unknown`, `draft.submitted`, and findings: nothing is kept then.
    """
    refuse_unkeepable(fields, statements)
    draft = await _open_draft(session, draft_id, actor)
    if "product_code" in fields:
        draft.product_code = await _offered(session, fields["product_code"], now)
    draft.fields = {**draft.fields, **fields}
    draft.statements = _merged(draft.statements, statements)
    return _touch(draft, now)


async def read_draft(session: AsyncSession, draft_id: UUID, actor: Actor) -> DraftView | None:
    """A draft, for its officer, and once submitted for whoever reads all cases; else None."""
    statement = select(Draft, Customer).join(Customer, col(Draft.customer_id) == col(Customer.id))
    row = (await session.execute(statement.where(col(Draft.id) == draft_id))).first()
    if row is None or not _may_read(row.Draft, actor):
        return None
    return _view(row.Draft, row.Customer, await _newest_documents(session, draft_id))


async def add_document(
    session: AsyncSession, draft_id: UUID, actor: Actor, facts: DocumentFacts, now: datetime
) -> UUID:
    """File a stored document under its kind; an earlier one of the kind stays as a version.

    Violations: `draft.unknown`, `draft.submitted`, findings of the document checks.
    """
    draft = await _open_draft(session, draft_id, actor)
    await _refuse_document(session, draft, facts, now)
    version = await _next_version(session, draft_id, facts.kind)
    document = Document(
        id=uuid4(),
        draft_id=draft_id,
        kind=facts.kind,
        version=version,
        filename=facts.filename,
        media_type=facts.media_type,
        size=facts.size,
        pages=facts.pages,
        sha256=facts.sha256,
        uploaded_by=UUID(actor.staff_id),
        uploaded_at=now,
    )
    session.add(document)
    _touch(draft, now)
    _record_upload(session, draft_id, actor, document, now)
    return document.id


async def check(session: AsyncSession, draft_id: UUID, today: date) -> DraftCheck:
    """Judge a draft by the rules of a day. Violations: `draft.unknown`, `product.not_offered`."""
    draft = await session.get(Draft, draft_id)
    if draft is None:
        raise LoanRuleViolation("draft.unknown")
    product = await product_in_force(session, draft.product_code, today)
    documents = [document.facts for document in await _newest_documents(session, draft_id)]
    return check_draft(draft.fields, draft.statements, documents, product, today)


async def _open_draft(session: AsyncSession, draft_id: UUID, actor: Actor) -> Draft:
    """The officer's own draft, locked, while it is still a draft."""
    draft = await session.get(Draft, draft_id, with_for_update=True)
    if draft is None or draft.officer_id != UUID(actor.staff_id):
        raise LoanRuleViolation("draft.unknown")
    if draft.submitted_at is not None:
        raise LoanRuleViolation("draft.submitted")
    return draft


def _may_read(draft: Draft, actor: Actor) -> bool:
    if actor.may(Act.READ_OWN_CASES) and draft.officer_id == UUID(actor.staff_id):
        return True
    return draft.submitted_at is not None and actor.may(Act.READ_ALL_CASES)


def _given_by(product: ProductRules) -> dict[str, str]:
    """What the choice of a product settles; an amount is never filled in for anybody."""
    given = {"product_code": product.code}
    if len(product.currencies) == 1:
        given["currency"] = product.currencies[0]
    if len(product.methods) == 1:
        given["repayment_method"] = product.methods[0].value
    return given


async def _offered(session: AsyncSession, code: str, now: datetime) -> str:
    today = await business_date(session, now)
    try:
        return (await product_in_force(session, code.strip(" "), today)).code
    except LoanRuleViolation as violation:
        finding = Finding("product_code", violation.code, violation.params)
        raise FindingsViolation([finding]) from violation


def _merged(kept: Mapping[str, Fields], saved: Statements) -> dict[str, dict[str, str]]:
    years = [*kept, *(year for year in saved if year not in kept)]
    return {year: {**kept.get(year, {}), **saved.get(year, {})} for year in years}


def _touch(draft: Draft, now: datetime) -> int:
    draft.version += 1
    draft.updated_at = now
    return draft.version


async def _refuse_document(
    session: AsyncSession, draft: Draft, facts: DocumentFacts, now: datetime
) -> None:
    product = await product_in_force(session, draft.product_code, await business_date(session, now))
    if facts.kind not in {*product.required_documents, OTHER_DOCUMENT}:
        raise FindingsViolation([Finding("documents", "document.kind")])
    findings = check_document(facts)
    if findings:
        raise FindingsViolation(findings)


async def _next_version(session: AsyncSession, draft_id: UUID, kind: str) -> int:
    """The draft's row is locked, so nobody counts at the same time."""
    statement = select(func.max(col(Document.version))).where(
        col(Document.draft_id) == draft_id, col(Document.kind) == kind
    )
    return int((await session.execute(statement)).scalar_one() or 0) + 1


async def _newest_documents(session: AsyncSession, draft_id: UUID) -> tuple[DocumentView, ...]:
    statement = (
        select(Document)
        .ext(distinct_on(col(Document.kind)))
        .where(col(Document.draft_id) == draft_id)
        .order_by(col(Document.kind), col(Document.version).desc())
    )
    return tuple(_document(row) for row in (await session.execute(statement)).scalars())


def _document(row: Document) -> DocumentView:
    facts = DocumentFacts(row.kind, row.filename, row.media_type, row.size, row.pages, row.sha256)
    return DocumentView(row.id, row.version, facts, row.uploaded_at)


def _view(draft: Draft, customer: Customer, documents: tuple[DocumentView, ...]) -> DraftView:
    return DraftView(
        id=draft.id,
        customer=CustomerBrief(
            customer.id, customer.scheme, customer.registration_number, customer.name
        ),
        product_code=draft.product_code,
        fields=draft.fields,
        statements=draft.statements,
        documents=documents,
        version=draft.version,
        created_at=draft.created_at,
        updated_at=draft.updated_at,
        submitted_at=draft.submitted_at,
    )


def _record_upload(
    session: AsyncSession, draft_id: UUID, actor: Actor, document: Document, now: datetime
) -> None:
    record(
        session,
        "document.uploaded",
        now,
        subject=str(draft_id),
        actor=actor,
        kind=document.kind,
        version=document.version,
        sha256=document.sha256,
    )
