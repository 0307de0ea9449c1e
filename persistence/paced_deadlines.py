"""Deadlines of customers follow a change of pace: a span of business days stays that many days.

Loans' own tasks keep the instant they were given; their due dates follow by `persistence.notes`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

# Each table's deadline, and which of its rows still wait.
_DEADLINES = (
    ("customer_work", "done_at IS NULL"),
    ("customer_proposal", "status = 'open'"),
    ("alert", "closed_at IS NULL"),
    ("ladder_measure", "decided_at IS NULL"),
)


async def move_deadlines(session: AsyncSession, now: datetime, old: int, new: int) -> None:
    """Stretch what is left of every open deadline from `old` to `new` seconds a business day.

    Rounding: PostgreSQL's, to the microsecond. What is due already stays due.
    """
    for table, is_open in _DEADLINES:
        moved = f"""UPDATE {table} SET due_at = :now + (due_at - :now) * (:new / :old)
            WHERE due_at > :now AND {is_open}"""  # noqa: S608 - names of our own
        figures = {"now": now, "old": float(old), "new": float(new)}
        await session.execute(text(moved), figures)
