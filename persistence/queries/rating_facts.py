"""Ratings as monitoring reads them: what each rested on, and what became of the customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.portfolio.monitoring import RatingFact

HORIZON = timedelta(days=365)
# A default is a grade of its own, or an instalment more than ninety days late.
_FACTS = """
SELECT r.rated_on, r.model, r.score, r.model_grade, r.detail,
  r.challenger ->> 'grade' AS challenger, r.override_proposal_id IS NOT NULL AS overridden,
  (EXISTS (SELECT 1 FROM customer_rating d WHERE d.customer_id = r.customer_id
      AND d.grade = 'D' AND d.rated_on > r.rated_on AND d.rated_on <= r.rated_on + 365)
    OR EXISTS (SELECT 1 FROM loan l JOIN instalment i ON i.loan_id = l.id
      WHERE l.customer_id = r.customer_id AND coalesce(i.paid_on, :today) > i.due_on + 90
        AND i.due_on + 91 BETWEEN r.rated_on AND r.rated_on + 365)) AS defaulted
FROM customer_rating r WHERE r.rated_on >= :since ORDER BY r.rated_on
"""


async def rating_facts(session: AsyncSession, since: date, today: date) -> tuple[RatingFact, ...]:
    """Every rating from a day on, oldest first."""
    rows = (await session.execute(text(_FACTS), {"since": since, "today": today})).all()
    return tuple(
        RatingFact(
            rated_on=row.rated_on,
            model=row.model,
            score=float(row.score) if row.score is not None else None,
            grade=row.model_grade,
            challenger_grade=row.challenger,
            overridden=row.overridden,
            defaulted=True if row.defaulted else _not_yet(row.rated_on, today),
            features=_features(row.detail),
        )
        for row in rows
    )


def _not_yet(rated_on: date, today: date) -> bool | None:
    return False if rated_on + HORIZON <= today else None


def _features(detail: Mapping[str, Any]) -> dict[str, float]:
    """The model's inputs by name, of whatever was kept; what is no number is left out."""
    found: dict[str, float] = {}
    for one in detail.get("parts", ()):
        value = _number(one.get("value"))
        if value is not None:
            found[str(one["name"])] = value
    return found


def _number(value: object) -> float | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return float(number) if number.is_finite() else None
