"""Whether the database answers."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from persistence.engine import Database


async def answers(database: Database) -> bool:
    """One round trip; False when there is nobody at the other end."""
    try:
        async with database.reading() as session:
            await session.execute(text("SELECT 1"))
    except (DBAPIError, TimeoutError, OSError):
        return False
    return True
