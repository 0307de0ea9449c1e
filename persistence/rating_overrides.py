"""An override of a rating (评级人工调整): proposed, approved by two, a rating of its own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.ratings import check_override
from domain.violations import LoanRuleViolation
from persistence.audit import record
from persistence.customer_proposals import Effect, Proposed
from persistence.ladder import after_rating
from persistence.scorecards import shipped_scorecard
from persistence.tables import CustomerRating


async def _check(session: AsyncSession, proposed: Proposed, _at: datetime) -> None:
    """Violations: `proposal.content`, `rating.moved_on`, those of `check_override`."""
    grade, rating = proposed.content.get("grade"), proposed.content.get("rating")
    if not isinstance(grade, str) or not isinstance(rating, str):
        raise LoanRuleViolation("proposal.content")
    row = await _in_force(session, proposed.customer_id)
    if row is None:
        raise LoanRuleViolation("rating.unrated")
    if str(row.id) != rating:
        raise LoanRuleViolation("rating.moved_on")
    check_override(row.model_grade, grade)


async def _apply(session: AsyncSession, proposed: Proposed, at: datetime) -> tuple[UUID, ...]:
    await _check(session, proposed, at)
    row = await _in_force(session, proposed.customer_id)
    if row is None:
        raise LoanRuleViolation("rating.unrated")
    grade = str(proposed.content["grade"])
    row.superseded_at = at
    await session.flush()
    session.add(_overridden(row, grade, proposed.id, at))
    record(
        session,
        "rating.overridden",
        at,
        subject=str(proposed.customer_id),
        proposal=proposed.id,
        model_grade=row.model_grade,
        grade=grade,
    )
    await after_rating(session, proposed.customer_id, row.grade, grade, at)
    return ()


def _overridden(row: CustomerRating, grade: str, proposal_id: UUID, at: datetime) -> CustomerRating:
    """The same rating with the grade that counts; its probability is that grade's own."""
    kept = row.model_dump(exclude={"id", "grade", "pd", "superseded_at", "rated_at", "cause"})
    return CustomerRating(
        **{
            **kept,
            "id": uuid4(),
            "grade": grade,
            "pd": shipped_scorecard().pd_by_grade[grade],
            "rated_at": at,
            "cause": "override",
            "override_proposal_id": proposal_id,
        }
    )


async def _in_force(session: AsyncSession, customer_id: UUID) -> CustomerRating | None:
    statement = select(CustomerRating).where(
        col(CustomerRating.customer_id) == customer_id,
        col(CustomerRating.superseded_at).is_(None),
    )
    return (await session.execute(statement.with_for_update())).scalar_one_or_none()


RATING_OVERRIDE = Effect(_check, _apply)
