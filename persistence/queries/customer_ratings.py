"""A customer's ratings: the one in force, and all that went before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from persistence.tables import CustomerRating

HISTORY_LENGTH = 60


@dataclass(frozen=True, slots=True)
class CustomerRatingView:
    """A rating. `model_grade` is what the method gave, `grade` what counts; `pd` a fraction.

    `detail` and `challenger` are what was computed, as it was kept; without a grade the customer
    could not be rated and `detail` says what is missing.
    """

    id: UUID
    cause: str
    rated_at: datetime
    rated_on: date
    valid_to_on: date
    superseded_at: datetime | None
    method: str
    model: str
    statement_year: int | None
    score: Decimal | None
    pd: Decimal | None
    model_grade: str | None
    grade: str | None
    detail: Mapping[str, Any]
    challenger: Mapping[str, Any]
    is_override: bool


async def rating_in_force(session: AsyncSession, customer_id: UUID) -> CustomerRatingView | None:
    """The rating that counts; None where the customer was never rated."""
    statement = select(CustomerRating).where(
        col(CustomerRating.customer_id) == customer_id,
        col(CustomerRating.superseded_at).is_(None),
    )
    row = (await session.execute(statement)).scalar_one_or_none()
    return None if row is None else _view(row)


async def rating_history(
    session: AsyncSession, customer_id: UUID
) -> tuple[CustomerRatingView, ...]:
    """The newest ratings of a customer, newest first."""
    statement = (
        select(CustomerRating)
        .where(col(CustomerRating.customer_id) == customer_id)
        .order_by(col(CustomerRating.rated_at).desc(), col(CustomerRating.id))
        .limit(HISTORY_LENGTH)
    )
    return tuple(_view(row) for row in (await session.execute(statement)).scalars())


def _view(row: CustomerRating) -> CustomerRatingView:
    return CustomerRatingView(
        id=row.id,
        cause=row.cause,
        rated_at=row.rated_at,
        rated_on=row.rated_on,
        valid_to_on=row.valid_to_on,
        superseded_at=row.superseded_at,
        method=row.method,
        model=row.model,
        statement_year=row.statement_year,
        score=row.score,
        pd=row.pd,
        model_grade=row.model_grade,
        grade=row.grade,
        detail=row.detail,
        challenger=row.challenger,
        is_override=row.override_proposal_id is not None,
    )
