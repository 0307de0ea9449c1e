"""How interest and lateness run on each note, kept where day end can add them up by sets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.accounts import AccountTerms
from domain.accounts.accruing import accruals
from domain.accounts.events import Event, Restructure
from domain.day_counts import DayCount
from persistence.tables import AccrualSegment, LatenessRule

_YEAR_DAYS = {DayCount.ACT_365F: 365, DayCount.ACT_364: 364}


async def write_segments(
    session: AsyncSession,
    loan_id: UUID,
    terms: AccountTerms,
    events: Sequence[Event],
    as_of: date,
) -> None:
    """Restate how a note runs from a day on; call it whenever its events have changed."""
    found = accruals(terms, events, as_of)
    await session.execute(delete(AccrualSegment).where(col(AccrualSegment.loan_id) == loan_id))
    rows = [
        {
            "loan_id": loan_id,
            "n": piece.n,
            "from_on": piece.from_on,
            "to_on": piece.to_on,
            "earned_before": piece.earned_before,
            "per_day": piece.per_day,
        }
        for piece in found.pieces
    ]
    if rows:
        await session.execute(insert(AccrualSegment), rows)
    lateness = terms.lateness
    rule = {
        "late_rate": found.late_rate if lateness.penalised else 0,
        "year_days": _YEAR_DAYS.get(lateness.day_count, 360),
        "compound": lateness.compound,
        "grace_days": lateness.grace_days,
        "non_accrual_after_days": lateness.non_accrual_after_days,
        "misused": found.misused,
        "written_off": found.written_off,
        "restructured_on": _first_new_due_date(events),
    }
    statement = insert(LatenessRule).values(loan_id=loan_id, **rule)
    await session.execute(statement.on_conflict_do_update(index_elements=["loan_id"], set_=rule))


def _first_new_due_date(events: Sequence[Event]) -> date | None:
    found = [event.first_due_on for event in events if isinstance(event, Restructure)]
    return found[-1] if found else None
