"""The live channel: what the database says has moved."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from uuid import UUID

import psycopg
from psycopg import sql

from persistence.engine import LIVE_CHANNEL, Database


async def notices(database: Database) -> AsyncIterator[UUID | None]:
    """The loans that moved, as they move; None stands for the book as a whole.

    Ends when the connection is lost; the caller decides when to listen again.
    """
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(LIVE_CHANNEL)))
            async for notice in connection.notifies():
                loan = json.loads(notice.payload)["loan"]
                yield UUID(loan) if loan else None
    except psycopg.OperationalError:
        return
