"""The database's door, and the only place that commits.

Audit events are collected while a transaction works and chained at its very end, so the chain's
one-writer lock is held for the length of a commit, not of the work.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from persistence.audit import chain_pending

LIVE_CHANNEL = "corploan_live"


class Database:
    """One pool of connections; every write goes through `transaction`."""

    def __init__(self, url: str, pool_size: int = 10) -> None:
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=True,
            hide_parameters=True,  # what people typed stays out of the logs
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Yield a session; chain its audit events, tell the live pages and commit at the edge."""
        async with (
            AsyncSession(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session
            topics = await chain_pending(session)
            await _tell_live_pages(session, topics)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Yield a session for reads; it never commits."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            yield session

    async def close(self) -> None:
        """Give the connections back."""
        await self.engine.dispose()


async def _tell_live_pages(session: AsyncSession, topics: list[dict[str, Any]]) -> None:
    for topic in topics:
        await session.execute(
            text("SELECT pg_notify(:channel, :payload)"),
            {"channel": LIVE_CHANNEL, "payload": json.dumps(topic)},
        )
