"""Rating customers: by the method in force, from approved statements, with everything kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers import Work, WorkKind
from domain.financials import FinancialStatement
from domain.ratings import valid_to
from domain.ratings.detail import (
    Cap,
    Lift,
    Opinion,
    RatedPart,
    RatingDetail,
    detail_of,
    document_of,
    moves,
)
from domain.scoring.rating import Rating, RatingFacts, rate_firm
from domain.scoring.scorecard import Part, ScorecardResult
from persistence.audit import record
from persistence.clock import business_clock, business_date
from persistence.customer_work import add_work
from persistence.ladder import after_rating
from persistence.queries.customer_statements import statements_of
from persistence.scorecards import Model, shipped_rating_method, shipped_scorecard
from persistence.tables import CustomerRating


def rating_row(
    customer_id: UUID,
    statements: Sequence[FinancialStatement],
    facts: RatingFacts,
    cause: str,
    at: datetime,
    on: date,
) -> dict[str, Any]:
    """A rating that is in force from an instant on, newest statement first.

    Without a grade it is kept all the same: that a firm could not be rated is a fact, too.
    """
    method, card = shipped_rating_method(), shipped_scorecard()
    rating = rate_firm(method, card, statements, facts)
    shadow = shipped_scorecard(Model.CHALLENGER).score(statements)
    return {
        "id": uuid5(customer_id, f"rating/{cause}/{at.isoformat()}"),
        "customer_id": customer_id,
        "cause": cause,
        "rated_at": at,
        "rated_on": on,
        "valid_to_on": valid_to(on),
        "superseded_at": None,
        "method": method.version,
        "model": card.version,
        "statement_year": statements[0].year if statements else None,
        "score": rating.scorecard.score,
        "pd": rating.pd,
        "model_grade": rating.grade,
        "grade": rating.grade,
        "detail": document_of(detail_of_rating(rating)),
        "challenger": _shadow(shadow),
        "override_proposal_id": None,
    }


async def rate_customer(session: AsyncSession, customer_id: UUID, work: Work, at: datetime) -> str:
    """Rate a customer on its newest approved statements; the outcome is the grade or `unrated`.

    An override ends with the rating it was given on. Call it with the customer's row locked.
    """
    statements = await statements_of(session, customer_id, None)
    today = await business_date(session, at)
    row = rating_row(customer_id, statements, RatingFacts(), work.cause, at, today)
    before = await _in_force(session, customer_id)
    if before is not None:
        told = detail_of(row["detail"])
        row["detail"] = document_of(replace(told, moved=moves(detail_of(before.detail), told)))
        before.superseded_at = at
        await session.flush()
    session.add(CustomerRating(**row))
    record(
        session,
        "customer.rated",
        at,
        subject=str(customer_id),
        cause=work.cause,
        grade=row["grade"],
        pd=row["pd"],
        score=row["score"],
        method=row["method"],
        model=row["model"],
        statement_year=row["statement_year"],
    )
    await _again_when_it_lapses(session, customer_id, valid_to(today), at)
    if row["grade"] is not None:
        old = before.grade if before is not None else None
        await after_rating(session, customer_id, old, row["grade"], at)
    return row["grade"] or "unrated"


def detail_of_rating(rating: Rating) -> RatingDetail:
    """What is kept beside the grade."""
    return RatingDetail(
        opinions=tuple(
            Opinion(one.model, one.value, one.zone.value if one.zone else "unknown")
            for one in rating.opinions
        ),
        caps=tuple(Cap(cap.rule, cap.grade) for cap in rating.caps),
        parts=tuple(_rated_part(part) for part in _by_loss(rating.scorecard)),
        lifts=tuple(Lift(lift.ratio, lift.value, lift.target, lift.grade) for lift in rating.lifts),
        missing=tuple((found.field, found.code) for found in rating.findings),
    )


def _by_loss(result: ScorecardResult) -> list[Part]:
    return sorted(result.parts, key=lambda part: (-part.lost, part.name))


def _rated_part(part: Part) -> RatedPart:
    gap = part.gap.value if part.gap else None
    return RatedPart(part.name, part.value, gap, part.bin, part.points, part.lost)


def _shadow(result: ScorecardResult) -> dict[str, Any]:
    return {
        "model": result.version,
        "grade": result.grade,
        "score": None if result.score is None else f"{result.score:f}",
        "pd": None if result.pd is None else f"{result.pd:f}",
    }


async def _in_force(session: AsyncSession, customer_id: UUID) -> CustomerRating | None:
    statement = select(CustomerRating).where(
        col(CustomerRating.customer_id) == customer_id,
        col(CustomerRating.superseded_at).is_(None),
    )
    return (await session.execute(statement.with_for_update())).scalar_one_or_none()


async def _again_when_it_lapses(
    session: AsyncSession, customer_id: UUID, lapses_on: date, at: datetime
) -> None:
    clock = await business_clock(session)
    due_at = clock.instant_of(lapses_on + timedelta(days=1))
    cause = f"expiry:{lapses_on.isoformat()}"
    await add_work(session, customer_id, WorkKind.RATE, cause, at, due_at)
