"""The book as the portfolio's pages read it: every note with a balance, and whose it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.classification import FiveClass
from domain.portfolio.exposure import Exposure
from domain.portfolio.policy import PortfolioPolicy
from domain.portfolio.vintages import LentNote
from domain.portfolio.watching import NOTCHES, WEAK, Watched
from domain.scoring import GRADES
from persistence.clock import business_date
from persistence.portfolio_policy import portfolio_policy

# The grade of an application stands in where the customer itself was not rated yet.
_NOTES = """
SELECT s.loan_id, s.customer_id, s.currency, s.outstanding, s.days_past_due, s.five_class,
  l.case_number, l.drawn_on, c.yearly_rate, u.name,
  coalesce(u.industry, l.facts ->> 'industry') AS industry,
  CASE WHEN u.scheme = 'cn_uscc' THEN substr(u.registration_number, 3, 2) END AS region,
  g.data ->> 'group_name' AS group_name, coalesce(r.grade, l.grade) AS grade, r.pd,
  coalesce(earlier.grade, l.grade) AS grade_then,
  CASE WHEN l.facts -> 'plan' ->> 'first_drawdown' IS NULL THEN 0
    ELSE greatest(c.principal - coalesce(d.drawn, 0) - coalesce(p.amount, 0), 0) END AS undrawn
FROM note_status s
JOIN loan l ON l.id = s.loan_id
JOIN contract c ON c.loan_id = s.loan_id
JOIN customer u ON u.id = s.customer_id
LEFT JOIN customer_rating r ON r.customer_id = u.id AND r.superseded_at IS NULL
LEFT JOIN LATERAL (SELECT grade FROM customer_rating x WHERE x.customer_id = u.id
  AND x.rated_on <= l.drawn_on ORDER BY x.rated_at DESC LIMIT 1) earlier ON true
LEFT JOIN LATERAL (SELECT data FROM dossier_entry e WHERE e.customer_id = u.id
  AND e.section = 'group' AND e.known_to IS NULL ORDER BY e.item LIMIT 1) g ON true
LEFT JOIN LATERAL (SELECT sum(amount) AS drawn FROM drawdown w WHERE w.loan_id = l.id
  AND w.status = 'settled') d ON true
LEFT JOIN undrawn_lapse p ON p.loan_id = l.id
WHERE s.outstanding > 0
"""
_DUE = """
SELECT i.loan_id, i.due_on, i.principal - i.principal_paid AS due
FROM instalment i JOIN note_status s ON s.loan_id = i.loan_id
WHERE s.outstanding > 0 AND i.principal > i.principal_paid
ORDER BY i.loan_id, i.due_on
"""
_CLOSED = "SELECT max(business_on) FROM closed_period"
# A note ran late on the day after its thirtieth, be the instalment paid by now or not.
_LENT = """
SELECT c.currency, l.drawn_on, c.principal, min(i.due_on + 31) FILTER (
  WHERE coalesce(i.paid_on, :today) > i.due_on + 30) AS late_on
FROM loan l JOIN contract c ON c.loan_id = l.id JOIN instalment i ON i.loan_id = l.id
WHERE l.drawn_on IS NOT NULL
GROUP BY l.id, c.currency, l.drawn_on, c.principal
"""
_GRADES_ON = """
SELECT DISTINCT ON (customer_id) customer_id, grade FROM customer_rating
WHERE rated_on <= :day AND grade IS NOT NULL ORDER BY customer_id, rated_at DESC
"""
_WATCHED = f"""
SELECT u.id, u.name, u.standing, r.grade, b.grade AS before
FROM customer u
LEFT JOIN customer_rating r ON r.customer_id = u.id AND r.superseded_at IS NULL
LEFT JOIN ({_GRADES_ON}) b ON b.customer_id = u.id
WHERE u.standing <> 'open' OR r.grade = ANY(:weak)
  OR array_position(CAST(:grades AS text[]), r.grade::text)
    - array_position(CAST(:grades AS text[]), b.grade::text) >= :notches
  OR EXISTS (SELECT 1 FROM note_status s WHERE s.customer_id = u.id AND s.outstanding > 0
    AND (s.days_past_due > 0 OR s.five_class <> 'normal'))
"""  # noqa: S608 - a sentence of our own
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Book:
    """The book after its last closed day; `as_of` is the bank's date where none is closed yet.

    `pds`: the one-year probability a customer's own rating states. Names by id.
    """

    as_of: date
    closed: bool
    notes: tuple[Exposure, ...]
    pds: Mapping[UUID, Decimal]
    case_numbers: Mapping[UUID, str]
    customers: Mapping[UUID, str]
    policy: PortfolioPolicy

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies of the notes."""
        return tuple(sorted({note.currency for note in self.notes}))

    def of(self, currency: str) -> tuple[Exposure, ...]:
        """The notes of one currency."""
        return tuple(note for note in self.notes if note.currency == currency)


@dataclass(frozen=True, slots=True)
class RatedCustomer:
    """A customer with its grade on two days."""

    id: UUID
    name: str
    before: str | None
    after: str | None


async def portfolio_book(session: AsyncSession, now: datetime) -> Book:
    """Every note with a balance. Violation: `policy.unknown`."""
    today = await business_date(session, now)
    closed: date | None = (await session.execute(text(_CLOSED))).scalar_one()
    rows = (await session.execute(text(_NOTES))).all()
    due: defaultdict[UUID, list[tuple[date, Decimal]]] = defaultdict(list)
    for row in (await session.execute(text(_DUE))).all():
        due[row.loan_id].append((row.due_on, row.due))
    return Book(
        as_of=closed or today,
        closed=closed is not None,
        notes=tuple(_exposure(row, tuple(due[row.loan_id])) for row in rows),
        pds={row.customer_id: row.pd for row in rows if row.pd is not None},
        case_numbers={row.loan_id: row.case_number for row in rows},
        customers={row.customer_id: row.name for row in rows},
        policy=await portfolio_policy(session, today),
    )


async def lent_notes(session: AsyncSession, today: date) -> dict[str, list[LentNote]]:
    """Everything that was ever lent, by currency, settled notes too."""
    found: defaultdict[str, list[LentNote]] = defaultdict(list)
    for row in (await session.execute(text(_LENT), {"today": today})).all():
        found[row.currency].append(LentNote(row.drawn_on, row.principal, row.late_on))
    return dict(found)


async def grades_on(session: AsyncSession, day: date) -> dict[UUID, str]:
    """The grade each customer had at the end of a day."""
    rows = (await session.execute(text(_GRADES_ON), {"day": day})).all()
    return {row.customer_id: row.grade for row in rows}


async def rated_customers(
    session: AsyncSession, since: date, until: date
) -> tuple[RatedCustomer, ...]:
    """Customers with their grades on both days; those with neither are left out."""
    before, after = await grades_on(session, since), await grades_on(session, until)
    statement = text("SELECT id, name FROM customer ORDER BY name_key, id")
    names = (await session.execute(statement)).all()
    return tuple(
        RatedCustomer(row.id, row.name, before.get(row.id), after.get(row.id))
        for row in names
        if row.id in before or row.id in after
    )


async def watched_customers(session: AsyncSession, today: date) -> tuple[Watched, ...]:
    """Customers there may be a reason to watch, with the grade of a year ago."""
    asked = {"day": today - YEAR, "weak": list(WEAK), "grades": list(GRADES), "notches": NOTCHES}
    rows = (await session.execute(text(_WATCHED), asked)).all()
    return tuple(Watched(row.id, row.name, row.grade, row.before, row.standing) for row in rows)


def _exposure(row: Row[Any], due: tuple[tuple[date, Decimal], ...]) -> Exposure:
    return Exposure(
        loan_id=row.loan_id,
        customer_id=row.customer_id,
        currency=row.currency,
        outstanding=row.outstanding,
        days_past_due=row.days_past_due,
        five_class=FiveClass(row.five_class),
        undrawn=Decimal(row.undrawn),
        yearly_rate=row.yearly_rate,
        industry=row.industry,
        region=row.region,
        group=row.group_name,
        grade=row.grade,
        grade_then=row.grade_then,
        drawn_on=row.drawn_on,
        falls_due=due,
    )
