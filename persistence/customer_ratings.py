"""Rating customers: by the method in force, from approved statements, with everything kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import exists, select
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
from domain.watch.events import EventKind
from persistence.audit import record
from persistence.clock import business_clock, business_date
from persistence.customer_work import add_work
from persistence.ladder import after_rating
from persistence.queries.customer_ratings import rating_in_force
from persistence.queries.customer_statements import statements_of
from persistence.scorecards import Model, shipped_rating_method, shipped_scorecard
from persistence.source_facts import newest_answers
from persistence.tables import CustomerEvent, CustomerRating

KNOWN_FOR = timedelta(days=365)
"""An answer or an event counts for a year."""
_FLAGS = {"true": True, "false": False}


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
    facts = await facts_to_rate(session, customer_id, at)
    row = rating_row(customer_id, statements, facts, work.cause, at, today)
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


async def facts_to_rate(session: AsyncSession, customer_id: UUID, at: datetime) -> RatingFacts:
    """What is known beside the statements, from the last year's answers and events.

    A firm on the courts' list of dishonest debtors (失信被执行人) evades its debts; one that filed
    for bankruptcy is insolvent. What nobody told stays not known, and caps nothing.
    """
    since = at - (await business_clock(session)).stretch(KNOWN_FOR)
    listed = (await newest_answers(session, customer_id, since)).get("courts", {})
    filed = exists().where(
        col(CustomerEvent.customer_id) == customer_id,
        col(CustomerEvent.kind) == EventKind.BANKRUPTCY_FILING,
        col(CustomerEvent.recorded_at) >= since,
    )
    return RatingFacts(
        insolvent=True if (await session.execute(select(filed))).scalar_one() else None,
        evades_debts=_FLAGS.get(str(listed.get("dishonest_debtor"))),
    )


async def rate_if_found_out(
    session: AsyncSession, customer_id: UUID, cause: str, at: datetime
) -> None:
    """Put a rating on the agenda where the one in force does not know what is known by now."""
    rating = await rating_in_force(session, customer_id)
    if rating is None or rating.model_grade is None:
        return
    facts = await facts_to_rate(session, customer_id, at)
    known = {cap.id for cap in detail_of(rating.detail).caps}
    if bool(facts.evades_debts) != ("evades_debts" in known) or (
        bool(facts.insolvent) != ("insolvent" in known)
    ):
        await add_work(session, customer_id, WorkKind.RATE, cause, at)


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
    cause, due_on = f"expiry:{lapses_on.isoformat()}", lapses_on + timedelta(days=1)
    await add_work(session, customer_id, WorkKind.RATE, cause, at, due_on=due_on)
