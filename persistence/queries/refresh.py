"""What a customer sees behind its refresh link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.watch.reviews import ReviewStatus
from persistence.known_facts import known_facts
from persistence.tables import Customer, CustomerProposal, CustomerReview


@dataclass(frozen=True, slots=True)
class RefreshPage:
    """A refresh request. `state`: open, submitted, accepted, rejected or done."""

    review_id: UUID
    link_number: int
    customer_id: UUID
    company: str
    due_on: date
    state: str
    known: Mapping[str, str]
    stated: Mapping[str, str]
    submitted_at: datetime | None


async def refresh_page(
    session: AsyncSession, review_id: UUID, link_number: int
) -> RefreshPage | None:
    """The request behind a link; None where the link is not the newest one."""
    review = await session.get(CustomerReview, review_id)
    if review is None or review.link_number != link_number or link_number < 1:
        return None
    customer = await session.get_one(Customer, review.customer_id)
    return RefreshPage(
        review_id=review.id,
        link_number=link_number,
        customer_id=customer.id,
        company=customer.name,
        due_on=review.due_on,
        state=await _state(session, review),
        known=known_facts(customer),
        stated=review.submission or {},
        submitted_at=review.submitted_at,
    )


async def _state(session: AsyncSession, review: CustomerReview) -> str:
    if review.status == ReviewStatus.OPEN:
        return "open"
    proposal = (
        await session.get(CustomerProposal, review.proposal_id) if review.proposal_id else None
    )
    if proposal is not None and proposal.status in ("approved", "rejected"):
        return {"approved": "accepted", "rejected": "rejected"}[proposal.status]
    return "done" if review.status == ReviewStatus.DONE else "submitted"
