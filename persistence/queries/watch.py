"""What the watch page of a customer shows beside its alerts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.people import Actor, Role
from domain.watch.events import FieldDifference, difference
from domain.watch.reviews import ReviewStatus
from persistence.clock import business_date
from persistence.queries.names import BilingualName, bilingual
from persistence.tables import (
    Covenant,
    CovenantTest,
    Customer,
    CustomerEvent,
    CustomerReview,
    LadderMeasure,
    Loan,
    Notice,
    Staff,
)

LIST_LENGTH = 60


@dataclass(frozen=True, slots=True)
class TestView:
    """A covenant on one of its dates."""

    tested_on: date
    state: str
    value: Decimal | None
    statement_year: int | None


@dataclass(frozen=True, slots=True)
class CovenantView:
    """A covenant with its tests, newest first."""

    id: UUID
    kind: str
    ratio: str | None
    bound: Decimal | None
    every_months: int
    first_test_on: date
    grace_days: int
    waived_to_on: date | None
    tests: tuple[TestView, ...]

    @property
    def state(self) -> str:
        """How the newest test stands; planned where none has come."""
        return self.tests[0].state if self.tests else "planned"


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review. `link_number` makes its link; `differences` are what the customer stated anew."""

    id: UUID
    customer_id: UUID
    customer_name: str
    cause: str
    status: str
    due_on: date
    overdue: bool
    opened_at: datetime | None
    reminders: tuple[int, ...]
    owner: BilingualName | None
    link_number: int
    submitted_at: datetime | None
    differences: tuple[FieldDifference, ...]
    remarks: str
    proposal_id: UUID | None
    finding: str | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class EventView:
    """An event with its fields before and after."""

    id: UUID
    kind: str
    source: str
    reference: str
    happened_on: date
    recorded_at: datetime
    differences: tuple[FieldDifference, ...]


@dataclass(frozen=True, slots=True)
class MeasureView:
    """A measure of the deterioration ladder."""

    id: UUID
    loan_id: UUID | None
    case_number: str | None
    old_grade: str | None
    new_grade: str | None
    rung: str
    kind: str
    clause: str
    terms: Mapping[str, Any]
    status: str
    suggested_at: datetime
    due_at: datetime
    proposal_id: UUID | None
    decided_at: datetime | None
    effective_on: date | None
    change_id: str | None


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A message, for whom, and how far it came. `may_read` is this reader's."""

    id: UUID
    audience: str
    role: str | None
    template: str
    params: Mapping[str, Any]
    status: str
    written_at: datetime
    delivered_at: datetime | None
    read_at: datetime | None
    reader: BilingualName | None
    may_read: bool


async def covenants_of(session: AsyncSession, customer_id: UUID) -> tuple[CovenantView, ...]:
    """A customer's covenants, newest first."""
    mine = select(Covenant).where(col(Covenant.customer_id) == customer_id)
    rows = (await session.execute(mine.order_by(col(Covenant.agreed_at).desc()))).scalars().all()
    tests = select(CovenantTest).where(
        col(CovenantTest.covenant_id).in_([covenant.id for covenant in rows])
    )
    newest = tests.order_by(col(CovenantTest.tested_on).desc())
    by_covenant: dict[UUID, list[TestView]] = {}
    for row in (await session.execute(newest)).scalars():
        view = TestView(row.tested_on, row.state, row.value, row.statement_year)
        by_covenant.setdefault(row.covenant_id, []).append(view)
    return tuple(
        CovenantView(
            id=covenant.id,
            kind=covenant.kind,
            ratio=covenant.ratio,
            bound=covenant.bound,
            every_months=covenant.every_months,
            first_test_on=covenant.first_test_on,
            grace_days=covenant.grace_days,
            waived_to_on=covenant.waived_to_on,
            tests=tuple(by_covenant.get(covenant.id, ())),
        )
        for covenant in rows
    )


async def reviews_of(
    session: AsyncSession, customer_id: UUID, now: datetime
) -> tuple[ReviewView, ...]:
    """A customer's reviews, the next one first."""
    statement = _reviews().where(col(CustomerReview.customer_id) == customer_id)
    order = statement.order_by(col(CustomerReview.due_on).desc()).limit(LIST_LENGTH)
    return await _review_views(session, order, now)


async def reviews_due(
    session: AsyncSession, actor: Actor, now: datetime, *, mine: bool
) -> tuple[ReviewView, ...]:
    """Reviews that are open, the most urgent first; the reader's own or all."""
    statement = _reviews().where(
        col(CustomerReview.status).in_((ReviewStatus.OPEN, ReviewStatus.SUBMITTED))
    )
    if mine:
        owned = col(CustomerReview.owner_id) == UUID(actor.staff_id)
        statement = statement.where(owned)
    order = statement.order_by(col(CustomerReview.due_on)).limit(LIST_LENGTH)
    return await _review_views(session, order, now)


def _reviews() -> Select[*tuple[Any, ...]]:
    return (
        select(CustomerReview, col(Customer.name), col(Staff.name_zh), col(Staff.name_en))
        .join(Customer, col(Customer.id) == col(CustomerReview.customer_id))
        .outerjoin(Staff, col(Staff.id) == col(CustomerReview.owner_id))
    )


async def _review_views(
    session: AsyncSession, statement: Select[*tuple[Any, ...]], now: datetime
) -> tuple[ReviewView, ...]:
    today = await business_date(session, now)
    views = []
    for review, name, zh, en in (await session.execute(statement)).all():
        stated = dict(review.submission or {})
        remarks = stated.pop("remarks", "")
        known = {field: text for field, text in (review.before or {}).items() if field in stated}
        views.append(
            ReviewView(
                id=review.id,
                customer_id=review.customer_id,
                customer_name=name,
                cause=review.cause.split(":")[0],
                status=review.status,
                due_on=review.due_on,
                overdue=review.status != ReviewStatus.DONE and review.due_on < today,
                opened_at=review.opened_at,
                reminders=tuple(review.reminders),
                owner=bilingual(zh, en),
                link_number=review.link_number,
                submitted_at=review.submitted_at,
                differences=difference(known, stated),
                remarks=remarks,
                proposal_id=review.proposal_id,
                finding=review.finding,
                done_at=review.done_at,
            )
        )
    return tuple(views)


async def events_of_customer(session: AsyncSession, customer_id: UUID) -> tuple[EventView, ...]:
    """What happened to a customer, newest first."""
    statement = (
        select(CustomerEvent)
        .where(col(CustomerEvent.customer_id) == customer_id)
        .order_by(col(CustomerEvent.recorded_at).desc())
        .limit(LIST_LENGTH)
    )
    return tuple(
        EventView(
            id=row.id,
            kind=row.kind,
            source=row.source,
            reference=row.reference,
            happened_on=row.happened_on,
            recorded_at=row.recorded_at,
            differences=difference(row.before, row.after),
        )
        for row in (await session.execute(statement)).scalars()
    )


async def measures_of(session: AsyncSession, customer_id: UUID) -> tuple[MeasureView, ...]:
    """What the ladder suggested, undecided first."""
    statement = (
        select(LadderMeasure, col(Loan.case_number))
        .outerjoin(Loan, col(Loan.id) == col(LadderMeasure.loan_id))
        .where(col(LadderMeasure.customer_id) == customer_id)
        .order_by(
            col(LadderMeasure.decided_at).is_not(None), col(LadderMeasure.suggested_at).desc()
        )
        .limit(LIST_LENGTH)
    )
    return tuple(
        MeasureView(
            id=row.id,
            loan_id=row.loan_id,
            case_number=number,
            old_grade=row.old_grade,
            new_grade=row.new_grade,
            rung=row.rung,
            kind=row.kind,
            clause=row.clause,
            terms=row.terms,
            status=row.status,
            suggested_at=row.suggested_at,
            due_at=row.due_at,
            proposal_id=row.proposal_id,
            decided_at=row.decided_at,
            effective_on=row.effective_on,
            change_id=_change_in(row.applied_reference),
        )
        for row, number in (await session.execute(statement)).all()
    )


def _change_in(reference: str | None) -> str | None:
    kind, _, change_id = (reference or "").partition(":")
    return change_id if kind == "change" else None


async def notices_of(
    session: AsyncSession, actor: Actor, customer_id: UUID
) -> tuple[NoticeView, ...]:
    """Messages about a customer, newest first."""
    statement = _notices().where(col(Notice.customer_id) == customer_id)
    rows = statement.order_by(col(Notice.written_at).desc()).limit(LIST_LENGTH)
    return await _notice_views(session, actor, rows)


async def unread_notices(
    session: AsyncSession, actor: Actor
) -> tuple[tuple[UUID, str, NoticeView], ...]:
    """What this reader was told and has not read: customer, its name, and the message."""
    roles = [role.value for role in actor.roles]
    mine = or_(col(Notice.staff_id).is_(None), col(Notice.staff_id) == UUID(actor.staff_id))
    statement = (
        _notices()
        .add_columns(col(Customer.name))
        .join(Customer, col(Customer.id) == col(Notice.customer_id))
        .where(col(Notice.role).in_(roles), mine, col(Notice.read_at).is_(None))
        .order_by(col(Notice.written_at).desc())
        .limit(LIST_LENGTH)
    )
    rows = (await session.execute(statement)).all()
    return tuple((row[0].customer_id, row[3], _notice(row, actor)) for row in rows)


def _notices() -> Select[*tuple[Any, ...]]:
    return select(Notice, col(Staff.name_zh), col(Staff.name_en)).outerjoin(
        Staff, col(Staff.id) == col(Notice.read_by)
    )


async def _notice_views(
    session: AsyncSession, actor: Actor, statement: Select[*tuple[Any, ...]]
) -> tuple[NoticeView, ...]:
    return tuple(_notice(row, actor) for row in (await session.execute(statement)).all())


def _notice(row: Any, actor: Actor) -> NoticeView:
    notice: Notice = row[0]
    is_role = notice.role is not None and notice.role in [Role(role) for role in actor.roles]
    is_person = notice.staff_id in (None, UUID(actor.staff_id))
    return NoticeView(
        id=notice.id,
        audience=notice.audience,
        role=notice.role,
        template=notice.template,
        params=notice.params,
        status=notice.status,
        written_at=notice.written_at,
        delivered_at=notice.delivered_at,
        read_at=notice.read_at,
        reader=bilingual(row[1], row[2]),
        may_read=is_role and is_person and notice.read_at is None,
    )
