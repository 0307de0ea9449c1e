"""Ratings from statements alone, for many customers at once: each supersedes the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.portfolio.regrading import Rater
from domain.scoring.rating import RatingFacts
from persistence.audit import record
from persistence.clock import business_date
from persistence.customer_ratings import rating_row
from persistence.engine import Database
from persistence.queries.statement_book import statements_by_customer
from persistence.scorecards import Model, shipped_rating_method, shipped_scorecard
from persistence.tables import CustomerRating

AT_ONCE = 1000
"""So many customers a transaction: memory stays the same however large the book is."""
_NEXT = """
SELECT DISTINCT customer_id FROM financial_statement
WHERE known_to IS NULL AND customer_id > :after ORDER BY customer_id LIMIT :count
"""


@dataclass(frozen=True, slots=True)
class Rerated:
    """What one run did. `graded`: firms whose statements gave a grade."""

    firms: int
    graded: int


async def rerate_book(database: Database, cause: str, at: datetime) -> Rerated:
    """Rate every customer with statements again, `AT_ONCE` a transaction.

    Run again with the same cause and instant it writes nothing twice.
    """
    firms = graded = 0
    after = UUID(int=0)
    while True:
        async with database.transaction() as session:
            asked = {"after": after, "count": AT_ONCE}
            some = list((await session.execute(text(_NEXT), asked)).scalars())
            if not some:
                return Rerated(firms, graded)
            found = await _rerate(session, some, cause, at)
            record(session, "customers.rerated", at, cause=cause, firms=len(some), graded=found)
        firms, graded, after = firms + len(some), graded + found, some[-1]


async def _rerate(
    session: AsyncSession, customers: Sequence[UUID], cause: str, at: datetime
) -> int:
    today = await business_date(session, at)
    held = await statements_by_customer(session, customers)
    rows = [
        rating_row(customer_id, years[::-1], RatingFacts(), cause, at, today)
        for customer_id, years in held.items()
    ]
    fresh = await _not_there(session, rows)
    if not fresh:
        return 0
    ids = [row["customer_id"] for row in fresh]
    await session.execute(
        update(CustomerRating)
        .where(
            col(CustomerRating.customer_id).in_(ids), col(CustomerRating.superseded_at).is_(None)
        )
        .values(superseded_at=at)
    )
    await session.execute(insert(CustomerRating), fresh)
    return sum(row["grade"] is not None for row in fresh)


async def _not_there(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    known = text("SELECT id FROM customer_rating WHERE id = ANY(:ids)")
    found = await session.execute(known, {"ids": [row["id"] for row in rows]})
    there = set(found.scalars())
    return [row for row in rows if row["id"] not in there]


@cache
def house_rater() -> Rater:
    """The shipped cards under the shipped method."""
    return Rater(shipped_rating_method(), shipped_scorecard(), shipped_scorecard(Model.CHALLENGER))
