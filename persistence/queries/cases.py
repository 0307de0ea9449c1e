"""The list of cases: filtered, sorted, paged, and never wider than the reader may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.people import Act, Actor
from domain.process import CaseStatus, Stage
from domain.texts import name_key
from persistence.queries.deadlines import DayCounter, day_counter
from persistence.queries.paging import PAGE_SIZE, PageOf, page_of
from persistence.queries.products import ProductName, product_names
from persistence.queries.visibility import visible_to
from persistence.tables import Customer, Loan, Staff


class CaseOrder(StrEnum):
    """How the list is sorted."""

    NEWEST = "newest"
    OLDEST = "oldest"
    DEADLINE = "deadline"
    AMOUNT = "amount"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class CaseFilters:
    """What the list shows; None and an empty text are everything."""

    stage: Stage | None = None
    status: CaseStatus | None = None
    product: str | None = None
    officer_id: UUID | None = None
    text: str = ""
    order: CaseOrder = CaseOrder.NEWEST
    page: int = 1


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case. `days_left` in working days to its deadline; None without one."""

    id: UUID
    case_number: str
    customer_name: str
    product: ProductName
    amount: Decimal
    currency: str
    stage: str
    status: str
    wait_reason: str
    days_left: int | None
    overdue: bool
    submitted_at: datetime
    entered_at: datetime
    officer_zh: str
    officer_en: str


@dataclass(frozen=True, slots=True)
class StaffName:
    """A member of staff as a filter offers it."""

    id: UUID
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class CaseList:
    """One page of cases, and what the filters may offer this reader."""

    lines: tuple[CaseLine, ...]
    page: PageOf
    products: tuple[ProductName, ...]
    officers: tuple[StaffName, ...]


async def case_list(
    session: AsyncSession, actor: Actor, filters: CaseFilters, now: datetime
) -> CaseList:
    """The cases this reader may see, as the filters ask."""
    shown = and_(visible_to(actor), *_conditions(filters))
    counting = select(func.count()).select_from(Loan).join(Customer).where(shown)
    page = page_of(filters.page, (await session.execute(counting)).scalar_one())
    names = await product_names(session)
    ordered = _lines().where(shown).order_by(*_ORDERS[filters.order], col(Loan.id))
    rows = (await session.execute(ordered.limit(PAGE_SIZE).offset(page.offset))).all()
    counter = await day_counter(session, now)
    lines = tuple(_line(row, names, counter) for row in rows)
    return CaseList(lines, page, tuple(names.values()), await _officers(session, actor))


async def recent_cases(
    session: AsyncSession, actor: Actor, now: datetime, *, count: int, waits: tuple[str, ...] = ()
) -> tuple[CaseLine, ...]:
    """The cases that moved last; with `waits`, open cases with one of these wait reasons."""
    statement = _lines().where(visible_to(actor)).order_by(col(Loan.entered_at).desc())
    if waits:
        waiting = col(Loan.wait_reason).in_(waits)
        statement = statement.where(col(Loan.status) == CaseStatus.ACTIVE.value, waiting)
    rows = (await session.execute(statement.limit(count))).all()
    if not rows:
        return ()
    names, counter = await product_names(session), await day_counter(session, now)
    return tuple(_line(row, names, counter) for row in rows)


async def cases_of_customer(
    session: AsyncSession, actor: Actor, customer_id: UUID, now: datetime
) -> tuple[CaseLine, ...]:
    """The customer's cases this reader may see, newest first."""
    statement = _lines().where(visible_to(actor), col(Loan.customer_id) == customer_id)
    rows = (await session.execute(statement.order_by(col(Loan.submitted_at).desc()))).all()
    names, counter = await product_names(session), await day_counter(session, now)
    return tuple(_line(row, names, counter) for row in rows)


_ORDERS: Mapping[CaseOrder, tuple[ColumnElement[Any], ...]] = {
    CaseOrder.NEWEST: (col(Loan.submitted_at).desc(),),
    CaseOrder.OLDEST: (col(Loan.submitted_at).asc(),),
    CaseOrder.DEADLINE: (col(Loan.deadline_at).asc().nulls_last(),),
    CaseOrder.AMOUNT: (col(Loan.currency).asc(), col(Loan.amount).desc()),
    CaseOrder.CUSTOMER: (col(Customer.name_key).asc(),),
}


def _conditions(filters: CaseFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.stage is not None:
        conditions.append(col(Loan.stage) == filters.stage.value)
    if filters.status is not None:
        conditions.append(col(Loan.status) == filters.status.value)
    if filters.product is not None:
        conditions.append(col(Loan.product_code) == filters.product)
    if filters.officer_id is not None:
        conditions.append(col(Loan.officer_id) == filters.officer_id)
    if filters.text:
        conditions.append(_matches(filters.text))
    return conditions


def _matches(text: str) -> ColumnElement[bool]:
    return or_(
        col(Loan.case_number).icontains(text, autoescape=True),
        col(Customer.name_key).contains(name_key(text), autoescape=True),
    )


def _lines() -> Select[*tuple[Any, ...]]:
    lines: Select[*tuple[Any, ...]] = (
        select(
            Loan,
            col(Customer.name),
            col(Staff.name_zh).label("officer_zh"),
            col(Staff.name_en).label("officer_en"),
        )
        .join(Customer, col(Loan.customer_id) == col(Customer.id))
        .join(Staff, col(Loan.officer_id) == col(Staff.id))
    )
    return lines


async def _officers(session: AsyncSession, actor: Actor) -> tuple[StaffName, ...]:
    if not actor.may(Act.READ_ALL_CASES):
        return ()
    holders = select(col(Loan.officer_id)).distinct()
    statement = select(col(Staff.id), col(Staff.name_zh), col(Staff.name_en)).where(
        col(Staff.id).in_(holders)
    )
    rows = (await session.execute(statement.order_by(col(Staff.username)))).all()
    return tuple(StaffName(row[0], row[1], row[2]) for row in rows)


def _line(row: Row[Any], names: Mapping[str, ProductName], counter: DayCounter) -> CaseLine:
    loan: Loan = row.Loan
    due_at = loan.deadline_at if loan.status == CaseStatus.ACTIVE else None
    return CaseLine(
        id=loan.id,
        case_number=loan.case_number,
        customer_name=row.name,
        product=names[loan.product_code],
        amount=loan.amount,
        currency=loan.currency,
        stage=loan.stage,
        status=loan.status,
        wait_reason=loan.wait_reason,
        days_left=counter.days_left(due_at) if due_at else None,
        overdue=due_at is not None and due_at <= counter.now,
        submitted_at=loan.submitted_at,
        entered_at=loan.entered_at,
        officer_zh=row.officer_zh,
        officer_en=row.officer_en,
    )
