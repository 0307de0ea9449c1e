"""Live pages: one listening connection in each web process, fanned out to its open pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from persistence.engine import Database
from persistence.live import notices

QUEUE_LENGTH_MAX = 100
RECONNECT_SECONDS = 2.0

Subscription = asyncio.Queue[UUID | None]


class LiveEvents:
    """Hands each notice (a loan that moved, or None for the book as a whole) to every open page."""

    def __init__(self, database: Database, reconnect_seconds: float = RECONNECT_SECONDS) -> None:
        self._database = database
        self._reconnect_seconds = reconnect_seconds
        self._open: set[Subscription] = set()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Listen as long as the application lives."""
        listener = asyncio.create_task(self._listen())
        try:
            yield
        finally:
            listener.cancel()
            await asyncio.wait([listener])

    @asynccontextmanager
    async def subscribe(self) -> AsyncIterator[Subscription]:
        """Notices for one page. A page too slow to read loses notices, never the process."""
        queue: Subscription = asyncio.Queue(QUEUE_LENGTH_MAX)
        self._open.add(queue)
        try:
            yield queue
        finally:
            self._open.discard(queue)

    async def _listen(self) -> None:
        while True:
            async for loan_id in notices(self._database):
                self._hand_out(loan_id)
            # The database went away; what happened meanwhile is unknown, so every page looks.
            await asyncio.sleep(self._reconnect_seconds)
            self._hand_out(None)

    def _hand_out(self, loan_id: UUID | None) -> None:
        for queue in self._open:
            if not queue.full():
                queue.put_nowait(loan_id)
