"""What a customer's rating page shows: the rating in force, its grounds, and those before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers import ProposalKind, ProposalStatus, WorkKind
from domain.ratings import OVERRIDABLE, notches_up
from domain.ratings.detail import RatingDetail, detail_of
from domain.ratings.override import NOTCHES_UP_MAX
from persistence.clock import business_date
from persistence.queries.customer_ratings import (
    CustomerRatingView,
    rating_history,
    rating_in_force,
)
from persistence.tables import CustomerProposal, CustomerWork


@dataclass(frozen=True, slots=True)
class RatingPage:
    """`offered` are the grades an override may give; `under_way` that a rating is being made."""

    rating: CustomerRatingView | None
    history: tuple[CustomerRatingView, ...]
    today: date
    offered: tuple[str, ...]
    override_waits: bool
    under_way: bool

    @property
    def lapsed(self) -> bool:
        """Whether the rating in force has outlived its validity."""
        return self.rating is not None and self.rating.valid_to_on < self.today

    @property
    def detail(self) -> RatingDetail:
        """What was computed."""
        return detail_of(self.rating.detail) if self.rating else RatingDetail()

    @property
    def challenger_pd(self) -> Decimal | None:
        """What the challenger says, in shadow."""
        told = self.rating.challenger.get("pd") if self.rating else None
        return None if told is None else Decimal(told)

    @property
    def details(self) -> tuple[tuple[CustomerRatingView, RatingDetail], ...]:
        """Every rating with what it rested on."""
        return tuple((rating, detail_of(rating.detail)) for rating in self.history)


async def rating_page(session: AsyncSession, customer_id: UUID, now: datetime) -> RatingPage:
    """The rating in force with everything beside it."""
    rating = await rating_in_force(session, customer_id)
    return RatingPage(
        rating=rating,
        history=await rating_history(session, customer_id),
        today=await business_date(session, now),
        offered=_offered(rating.model_grade if rating else None),
        override_waits=await _waits(session, customer_id),
        under_way=await _under_way(session, customer_id, now),
    )


def _offered(given: str | None) -> tuple[str, ...]:
    if given is None:
        return ()
    return tuple(
        grade
        for grade in OVERRIDABLE
        if grade != given and notches_up(given, grade) <= NOTCHES_UP_MAX
    )


async def _waits(session: AsyncSession, customer_id: UUID) -> bool:
    statement = exists().where(
        col(CustomerProposal.customer_id) == customer_id,
        col(CustomerProposal.kind) == ProposalKind.RATING_OVERRIDE,
        col(CustomerProposal.status) == ProposalStatus.OPEN,
    )
    return bool((await session.execute(select(statement))).scalar_one())


async def _under_way(session: AsyncSession, customer_id: UUID, now: datetime) -> bool:
    statement = exists().where(
        col(CustomerWork.customer_id) == customer_id,
        col(CustomerWork.kind) == WorkKind.RATE,
        col(CustomerWork.done_at).is_(None),
        col(CustomerWork.due_on).is_(None),
        col(CustomerWork.due_at) <= now,
    )
    return bool((await session.execute(select(statement))).scalar_one())
