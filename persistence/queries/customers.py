"""Customers: the list one searches before opening a new one, and a dossier's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.people import Act, Actor
from domain.process import CaseStatus
from domain.products import ProductRules
from domain.texts import name_key
from persistence.clock import business_date
from persistence.queries.cases import CaseLine, cases_of_customer
from persistence.queries.drafts import DraftLine, open_drafts
from persistence.queries.paging import PAGE_SIZE, PageOf, page_of
from persistence.queries.products import products_on_offer
from persistence.queries.visibility import visible_to
from persistence.tables import Customer, Loan, Staff


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """One customer; the counts are of the cases this reader may see."""

    id: UUID
    name: str
    scheme: str
    registration_number: str
    open_cases: int
    cases: int
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class CustomerList:
    """One page of customers."""

    lines: tuple[CustomerLine, ...]
    page: PageOf


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """A dossier, its cases and own drafts, and what can be applied for."""

    id: UUID
    name: str
    scheme: str
    registration_number: str
    legal_representative: str | None
    industry: str | None
    established_on: date | None
    opened_at: datetime
    opened_by_zh: str
    opened_by_en: str
    cases: tuple[CaseLine, ...]
    drafts: tuple[DraftLine, ...]
    products: tuple[ProductRules, ...]


def may_read_customers(actor: Actor) -> bool:
    """Dossiers are open to everyone who works on cases."""
    return any(
        actor.may(act) for act in (Act.OPEN_CUSTOMER, Act.READ_ALL_CASES, Act.READ_OWN_CASES)
    )


async def customer_list(
    session: AsyncSession, actor: Actor, text: str, asked_page: int
) -> CustomerList:
    """Customers whose name or registration number holds the text, by name.

    The page is cut before its cases are counted: a hundred thousand customers are read in the
    index's order, and twenty-five are looked at.
    """
    shown = _matches(text) if text else true()
    counting = select(func.count()).select_from(Customer).where(shown)
    page = page_of(asked_page, (await session.execute(counting)).scalar_one())
    order = (col(Customer.name_key), col(Customer.id))
    cut = select(col(Customer.id)).where(shown).order_by(*order).limit(PAGE_SIZE)
    on_page = col(Customer.id).in_(cut.offset(page.offset).scalar_subquery())
    active = func.count(col(Loan.id)).filter(col(Loan.status) == CaseStatus.ACTIVE.value)
    joined = and_(col(Loan.customer_id) == col(Customer.id), visible_to(actor))
    statement = (
        select(Customer, func.count(col(Loan.id)).label("cases"), active.label("active"))
        .outerjoin(Loan, joined)
        .where(on_page)
        .group_by(col(Customer.id))
        .order_by(*order)
    )
    rows = (await session.execute(statement)).all()
    lines = tuple(_line(row.Customer, row.active, row.cases) for row in rows)
    return CustomerList(lines, page)


async def customer_page(
    session: AsyncSession, actor: Actor, customer_id: UUID, now: datetime
) -> CustomerPage | None:
    """The dossier with what this reader may see of it; None when there is none."""
    statement = select(Customer, col(Staff.name_zh), col(Staff.name_en)).join(
        Staff, col(Customer.opened_by) == col(Staff.id)
    )
    row = (await session.execute(statement.where(col(Customer.id) == customer_id))).one_or_none()
    if row is None or not may_read_customers(actor):
        return None
    customer: Customer = row.Customer
    today = await business_date(session, now)
    can_apply = actor.may(Act.EDIT_DRAFT)
    return CustomerPage(
        id=customer.id,
        name=customer.name,
        scheme=customer.scheme,
        registration_number=customer.registration_number,
        legal_representative=customer.legal_representative,
        industry=customer.industry,
        established_on=customer.established_on,
        opened_at=customer.opened_at,
        opened_by_zh=row.name_zh,
        opened_by_en=row.name_en,
        cases=await cases_of_customer(session, actor, customer_id, now),
        drafts=await open_drafts(session, actor, now, customer_id=customer_id),
        products=await products_on_offer(session, today) if can_apply else (),
    )


def _matches(text: str) -> ColumnElement[bool]:
    return or_(
        col(Customer.name_key).contains(name_key(text), autoescape=True),
        col(Customer.registration_number).contains(_as_kept(text), autoescape=True),
    )


def _as_kept(text: str) -> str:
    """A part of a registration number as numbers are kept: capitals, no spaces."""
    return text.replace(" ", "").upper()


def _line(customer: Customer, active: int, cases: int) -> CustomerLine:
    return CustomerLine(
        id=customer.id,
        name=customer.name,
        scheme=customer.scheme,
        registration_number=customer.registration_number,
        open_cases=active,
        cases=cases,
        opened_at=customer.opened_at,
    )
