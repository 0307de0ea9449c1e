"""What a customer's process does about its reviews: opens, reminds, escalates, takes answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.customers import ProposalKind, Work
from domain.people import Role
from domain.watch.refresh import changed
from domain.watch.reviews import ReviewStatus
from persistence.audit import record
from persistence.customer_proposals import Effect
from persistence.customer_work import Worker
from persistence.notices import tell_customer, tell_staff
from persistence.refresh_facts import propose_facts
from persistence.reviews import open_review
from persistence.tables import CustomerReview


def review_worker(effects: Mapping[ProposalKind, Effect]) -> Worker:
    """The worker of reviews; `effects` are the kinds of proposals there are."""

    async def worker(session: AsyncSession, customer_id: UUID, work: Work, at: datetime) -> str:
        what, review_id, *rest = work.cause.split(":")
        review = await session.get(CustomerReview, UUID(review_id), with_for_update=True)
        if review is None or review.status == ReviewStatus.DONE:
            return "review_done"
        if what == "submitted":
            return await _take_up(session, review, effects, at)
        days, due_on = rest
        if review.due_on.isoformat() != due_on:
            return "review_moved"
        return await _step(session, review, int(days), at)

    return worker


async def _step(session: AsyncSession, review: CustomerReview, days: int, at: datetime) -> str:
    """One date of a review: the first opens it, the next remind, those after it is due escalate."""
    told = {"review": review.id, "due_on": review.due_on}
    customer_id = review.customer_id
    if review.status == ReviewStatus.PLANNED:
        await open_review(session, review, at)
        tell_customer(session, customer_id, "refresh_requested", at, told)
    elif review.status == ReviewStatus.OPEN:
        tell_customer(session, customer_id, "refresh_reminder", at, told)
    review.reminders = [*review.reminders, days]
    manager = Role.CUSTOMER_MANAGER
    template = "review_due" if days >= 0 else "review_opened"
    tell_staff(
        session, customer_id, template, at, role=manager, staff_id=review.owner_id, told=told
    )
    if days > 0:
        tell_staff(session, customer_id, "review_overdue", at, role=Role.RISK_OFFICER, told=told)
    record(
        session, "review.reminded", at, subject=str(customer_id), review=review.id, days=str(days)
    )
    return "escalated" if days > 0 else "reminded"


async def _take_up(
    session: AsyncSession,
    review: CustomerReview,
    effects: Mapping[ProposalKind, Effect],
    at: datetime,
) -> str:
    """Lay what the customer stated before the bank's people; nothing changed needs nobody."""
    differing = changed(review.before or {}, review.submission or {})
    told = {"review": review.id, "count": str(len(differing))}
    customer_id, manager = review.customer_id, Role.CUSTOMER_MANAGER
    tell_staff(
        session,
        customer_id,
        "refresh_received",
        at,
        role=manager,
        staff_id=review.owner_id,
        told=told,
    )
    if not differing:
        return "nothing_changed"
    review.proposal_id = await propose_facts(session, review, differing, effects, at)
    return "facts_proposed" if review.proposal_id else "for_the_manager"
