"""A customer's ratings as programs are told them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from api.schemas.strict import Told


class RatingTold(Told):
    """A rating; `pd` a fraction over a year. Without a grade `detail.missing` says why.

    `model_grade` is what the method gave, `grade` what counts after an override if any;
    `challenger` is what the card in shadow says.
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
    detail: dict[str, Any]
    challenger: dict[str, Any]
    is_override: bool


class RatingsTold(Told):
    """The rating in force, None while there is none, and all ratings, newest first."""

    in_force: RatingTold | None
    ratings: tuple[RatingTold, ...]


class RatingAsked(Told):
    """A rating is on the customer's agenda."""

    asked: bool = True
