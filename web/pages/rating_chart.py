"""The picture of a customer's grades over time: one step a rating, the best grade on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from domain.ratings import OVERRIDABLE
from persistence.queries.customer_ratings import CustomerRatingView

WIDTH, ROW = Decimal(1000), Decimal(24)
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Step:
    """One rating: where its dot stands, and which one it is."""

    rating: CustomerRatingView
    x: Decimal
    y: Decimal


@dataclass(frozen=True, slots=True)
class RatingChart:
    """The steps from the oldest to the newest, the line through them, a row a grade."""

    width: Decimal
    height: Decimal
    rows: tuple[tuple[str, Decimal], ...]
    steps: tuple[Step, ...]
    line: str


def chart_of(history: Sequence[CustomerRatingView]) -> RatingChart | None:
    """The picture of at least two grades; None for fewer, which a sentence says better."""
    rated = [rating for rating in reversed(history) if rating.grade is not None]
    if len(rated) < 2:
        return None
    rows = tuple((grade, ROW * index + ROW / 2) for index, grade in enumerate(OVERRIDABLE))
    heights = dict(rows)
    place = WIDTH / len(rated)
    steps = tuple(
        Step(rating, _tenth(place * index + place / 2), heights[rating.grade or ""])
        for index, rating in enumerate(rated)
    )
    return RatingChart(WIDTH, ROW * len(rows), rows, steps, _line(steps))


def _line(steps: Sequence[Step]) -> str:
    points: list[str] = []
    for step in steps:
        if points:
            points.append(f"{step.x},{points[-1].partition(',')[2]}")
        points.append(f"{step.x},{step.y}")
    return " ".join(points)


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(_TENTH, ROUND_HALF_UP)
