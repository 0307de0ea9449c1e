"""Reviews of customers: planned by risk, opened with a link, reminded, answered, finished."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers import WorkKind
from domain.people import Act, Actor
from domain.schedules.periods import months_after
from domain.texts import clean_paragraph
from domain.violations import DutyViolation, LoanRuleViolation
from domain.watch.refresh import changed
from domain.watch.reviews import UNDONE, ReviewStatus
from persistence.audit import record
from persistence.clock import business_date
from persistence.customer_work import add_work
from persistence.known_facts import known_facts
from persistence.queries.customer_ratings import rating_in_force
from persistence.relations import manager_of
from persistence.tables import Customer, CustomerProposal, CustomerReview
from persistence.watch_rules import review_plan_on
from persistence.watch_state import open_colours

PERIODIC = "periodic"


async def plan_periodic_review(
    session: AsyncSession, customer_id: UUID, grade: str | None, at: datetime
) -> UUID:
    """The next review by risk: months by grade, no more than a grave alert allows."""
    today = await business_date(session, at)
    months = review_plan_on(today).months(grade, await open_colours(session, customer_id))
    return await plan_review(session, customer_id, PERIODIC, months_after(today, months), at)


async def plan_review(
    session: AsyncSession, customer_id: UUID, cause: str, due_on: date, at: datetime
) -> UUID:
    """Plan a review. A customer has one ahead at most: an earlier date moves it forward."""
    known = await _undone(session, customer_id)
    if known is not None and known.due_on <= due_on:
        return known.id
    today = await business_date(session, at)
    plan = review_plan_on(today)
    if known is None:
        known = CustomerReview(
            id=uuid4(),
            customer_id=customer_id,
            cause=cause,
            status=ReviewStatus.PLANNED,
            plan=plan.version,
            planned_at=at,
            due_on=due_on,
            reminders=[],
        )
        session.add(known)
    else:
        known.cause, known.due_on = cause, due_on
    await session.flush()
    for days in plan.reminder_days:
        on = due_on + timedelta(days=days)
        step = f"review:{known.id}:{days}:{due_on.isoformat()}"
        if on >= today or days == plan.reminder_days[0]:
            await add_work(session, customer_id, WorkKind.REVIEW, step, at, due_on=on)
    record(
        session,
        "review.planned",
        at,
        subject=str(customer_id),
        review=known.id,
        cause=cause,
        due_on=due_on,
    )
    return known.id


async def _undone(session: AsyncSession, customer_id: UUID) -> CustomerReview | None:
    statement = (
        select(CustomerReview)
        .where(
            col(CustomerReview.customer_id) == customer_id,
            col(CustomerReview.status).in_(UNDONE),
        )
        .order_by(col(CustomerReview.due_on))
        .limit(1)
        .with_for_update()
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def open_review(session: AsyncSession, review: CustomerReview, at: datetime) -> None:
    """Its time has come: somebody looks after it, and the customer is asked."""
    review.status, review.opened_at = ReviewStatus.OPEN, at
    review.link_number = 1
    review.owner_id = await manager_of(session, review.customer_id)
    record(session, "review.opened", at, subject=str(review.customer_id), review=review.id)


async def refuse_overdue_review(session: AsyncSession, customer_id: UUID, at: datetime) -> None:
    """Refuse new credit while a review is overdue. Violation: `customer.review_overdue`."""
    today = await business_date(session, at)
    late = select(col(CustomerReview.due_on)).where(
        col(CustomerReview.customer_id) == customer_id,
        col(CustomerReview.status).in_(UNDONE),
        col(CustomerReview.due_on) < today,
    )
    due_on = (await session.execute(late.limit(1))).scalar_one_or_none()
    if due_on is not None:
        raise LoanRuleViolation("customer.review_overdue", due_on=due_on.isoformat())


async def submit_refresh(
    session: AsyncSession,
    review_id: UUID,
    link_number: int,
    stated: Mapping[str, str],
    at: datetime,
) -> UUID:
    """What the customer entered through its link, once; answers with the customer.

    It is no fact yet: the customer's process lays it before the bank's people.
    Violations: `refresh.unknown`, `refresh.closed`.
    """
    review = await session.get(CustomerReview, review_id, with_for_update=True)
    if review is None or review.link_number != link_number:
        raise LoanRuleViolation("refresh.unknown")
    if review.status != ReviewStatus.OPEN:
        raise LoanRuleViolation("refresh.closed")
    review.before = known_facts(await session.get_one(Customer, review.customer_id))
    review.submission, review.submitted_at = dict(stated), at
    review.status = ReviewStatus.SUBMITTED
    cause = f"submitted:{review.id}"
    await add_work(session, review.customer_id, WorkKind.REVIEW, cause, at)
    differing = sorted(changed(review.before, stated))
    record(
        session,
        "review.submitted",
        at,
        subject=str(review.customer_id),
        review=review.id,
        fields=differing,
    )
    return review.customer_id


async def finish_review(
    session: AsyncSession,
    customer_id: UUID,
    review_id: UUID,
    actor: Actor,
    finding: str,
    at: datetime,
) -> None:
    """The review is done, with what it found; the next one is planned by risk.

    Violations: `duty.role`, `review.unknown`, `review.done`, `review.facts_open` while what the
    customer stated is undecided, those of `clean_paragraph`.
    """
    if not actor.may(Act.KEEP_WATCH):
        raise DutyViolation("duty.role")
    review = await _of_customer(session, customer_id, review_id)
    if review.proposal_id is not None:
        facts = await session.get_one(CustomerProposal, review.proposal_id)
        if facts.status == "open":
            raise LoanRuleViolation("review.facts_open")
    review.finding = clean_paragraph(finding)
    review.status, review.done_by, review.done_at = ReviewStatus.DONE, UUID(actor.staff_id), at
    record(
        session,
        "review.done",
        at,
        subject=str(customer_id),
        actor=actor,
        review=review.id,
        finding=review.finding,
    )
    await session.flush()
    rating = await rating_in_force(session, customer_id)
    await plan_periodic_review(session, customer_id, rating.grade if rating else None, at)


async def renew_link(
    session: AsyncSession, customer_id: UUID, review_id: UUID, actor: Actor, at: datetime
) -> None:
    """A new link; the one before opens nothing any more. A planned review is opened by it.

    Violations: `duty.role`, `review.unknown`, `review.done`.
    """
    if not actor.may(Act.KEEP_WATCH):
        raise DutyViolation("duty.role")
    review = await _of_customer(session, customer_id, review_id)
    if review.status == ReviewStatus.PLANNED:
        await open_review(session, review, at)
        return
    review.link_number += 1
    review.status, review.submission = ReviewStatus.OPEN, None
    record(
        session,
        "review.link_renewed",
        at,
        subject=str(customer_id),
        actor=actor,
        review=review.id,
    )


async def _of_customer(session: AsyncSession, customer_id: UUID, review_id: UUID) -> CustomerReview:
    review = await session.get(CustomerReview, review_id, with_for_update=True)
    if review is None or review.customer_id != customer_id:
        raise LoanRuleViolation("review.unknown")
    if review.status == ReviewStatus.DONE:
        raise LoanRuleViolation("review.done")
    return review
