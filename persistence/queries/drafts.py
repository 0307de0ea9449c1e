"""Application drafts: the form with everything known of it, and the officer's open drafts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.applications import DraftCheck, check_draft, statement_years
from domain.business_time import BusinessCalendar
from domain.documents import DocumentFacts
from domain.people import Act, Actor
from domain.products import ProductRules
from persistence.clock import business_date, working_calendar
from persistence.queries.products import products_on_offer
from persistence.tables import Customer, Document, Draft


@dataclass(frozen=True, slots=True)
class DraftDocument:
    """The newest version of one item of the checklist."""

    id: UUID
    facts: DocumentFacts
    version: int
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class DraftPage:
    """One draft, judged by today's rules. `product` is None once it is no longer offered."""

    id: UUID
    customer_id: UUID
    customer_name: str
    registration_number: str
    fields: Mapping[str, str]
    statements: Mapping[str, Mapping[str, str]]
    documents: Mapping[str, DraftDocument]
    product: ProductRules
    check: DraftCheck
    years: tuple[int, ...]
    version: int
    updated_at: datetime
    submitted_at: datetime | None
    today: date
    calendar: BusinessCalendar


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One open draft in a list."""

    id: UUID
    customer_id: UUID
    customer_name: str
    product: ProductRules
    completeness_percent: int
    updated_at: datetime


async def draft_page(
    session: AsyncSession, actor: Actor, draft_id: UUID, now: datetime
) -> DraftPage | None:
    """The officer's own draft; None for another's, for an unknown one, or a withdrawn product."""
    if not actor.may(Act.EDIT_DRAFT):
        return None
    statement = select(Draft, Customer).join(Customer, col(Draft.customer_id) == col(Customer.id))
    own = statement.where(col(Draft.id) == draft_id, col(Draft.officer_id) == UUID(actor.staff_id))
    row = (await session.execute(own)).one_or_none()
    today = await business_date(session, now)
    products = {product.code: product for product in await products_on_offer(session, today)}
    if row is None or row.Draft.product_code not in products:
        return None
    documents = await _newest_documents(session, [draft_id])
    calendar = await working_calendar(session)
    return _page(row.Draft, row.Customer, products, documents[draft_id], today, calendar)


async def open_drafts(
    session: AsyncSession,
    actor: Actor,
    now: datetime,
    *,
    customer_id: UUID | None = None,
    count: int = 20,
) -> tuple[DraftLine, ...]:
    """The officer's drafts not submitted yet, the last edited first."""
    if not actor.may(Act.EDIT_DRAFT):
        return ()
    statement = select(Draft, Customer).join(Customer, col(Draft.customer_id) == col(Customer.id))
    own = statement.where(
        col(Draft.officer_id) == UUID(actor.staff_id), col(Draft.submitted_at).is_(None)
    )
    if customer_id is not None:
        own = own.where(col(Draft.customer_id) == customer_id)
    rows = (await session.execute(own.order_by(col(Draft.updated_at).desc()).limit(count))).all()
    today = await business_date(session, now)
    products = {product.code: product for product in await products_on_offer(session, today)}
    documents = await _newest_documents(session, [row.Draft.id for row in rows])
    calendar = await working_calendar(session)
    pages = [
        _page(row.Draft, row.Customer, products, documents[row.Draft.id], today, calendar)
        for row in rows
        if row.Draft.product_code in products
    ]
    return tuple(_line(page) for page in pages)


async def _newest_documents(
    session: AsyncSession, draft_ids: Sequence[UUID]
) -> Mapping[UUID, list[DraftDocument]]:
    statement = (
        select(Document)
        .ext(distinct_on(col(Document.draft_id), col(Document.kind)))
        .where(col(Document.draft_id).in_(draft_ids))
        .order_by(col(Document.draft_id), col(Document.kind), col(Document.version).desc())
    )
    found: dict[UUID, list[DraftDocument]] = defaultdict(list)
    for row in (await session.execute(statement)).scalars():
        facts = DocumentFacts(
            row.kind, row.filename, row.media_type, row.size, row.pages, row.sha256
        )
        found[row.draft_id].append(DraftDocument(row.id, facts, row.version, row.uploaded_at))
    return found


def _page(
    draft: Draft,
    customer: Customer,
    products: Mapping[str, ProductRules],
    documents: Sequence[DraftDocument],
    today: date,
    calendar: BusinessCalendar,
) -> DraftPage:
    product = products[draft.product_code]
    facts = [document.facts for document in documents]
    return DraftPage(
        id=draft.id,
        customer_id=customer.id,
        customer_name=customer.name,
        registration_number=customer.registration_number,
        fields=draft.fields,
        statements=draft.statements,
        documents={document.facts.kind: document for document in documents},
        product=product,
        check=check_draft(draft.fields, draft.statements, facts, product, today),
        years=asked_years(draft.fields, product, today),
        version=draft.version,
        updated_at=draft.updated_at,
        submitted_at=draft.submitted_at,
        today=today,
        calendar=calendar,
    )


def asked_years(fields: Mapping[str, str], product: ProductRules, today: date) -> tuple[int, ...]:
    """The years the grid shows; an unreadable founding date asks for all of them."""
    try:
        since = date.fromisoformat(fields.get("established_on", ""))
    except ValueError:
        since = None
    return statement_years(today, product.statement_years, since)


def _line(page: DraftPage) -> DraftLine:
    return DraftLine(
        id=page.id,
        customer_id=page.customer_id,
        customer_name=page.customer_name,
        product=page.product,
        completeness_percent=page.check.completeness_percent,
        updated_at=page.updated_at,
    )
