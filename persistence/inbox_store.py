"""The inbox: providers' verified events, kept as they came and once each."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from persistence.incidents import open_incident
from persistence.tables import InboxEvent, Loan


async def store_event(
    session: AsyncSession,
    provider: str,
    event_id: str,
    kind: str,
    loan_id: UUID | None,
    raw: bytes,
    body: Mapping[str, Any],
    now: datetime,
) -> bool:
    """Keep an event; False when the provider has sent this id before.

    The same id with other bytes is not a repeat: the first one stands, and a person is told.
    """
    row = {
        "provider": provider,
        "event_id": event_id,
        "kind": kind,
        "loan_id": loan_id,
        "raw": raw,
        "body": dict(body),
        "received_at": now,
    }
    statement = insert(InboxEvent).values(row).on_conflict_do_nothing()
    stored = (await session.execute(statement.returning(col(InboxEvent.id)))).first()
    if stored is not None:
        return True
    if await _first_bytes(session, provider, event_id) != raw:
        key = f"changed_callback:{provider}:{hashlib.sha256(event_id.encode()).hexdigest()[:32]}"
        await open_incident(session, key, "changed_callback", now, provider=provider)
    return False


async def note_bad_callback(session: AsyncSession, provider: str, kind: str, now: datetime) -> None:
    """Tell a person of forged, stale or unreadable callbacks: once per provider and hour."""
    key = f"{kind}:{provider}:{now:%Y%m%d%H}"
    await open_incident(session, key, kind, now, provider=provider)


async def is_loan(session: AsyncSession, loan_id: UUID) -> bool:
    """Whether an event's loan is one of ours."""
    statement = select(col(Loan.id)).where(col(Loan.id) == loan_id)
    return (await session.execute(statement)).first() is not None


async def _first_bytes(session: AsyncSession, provider: str, event_id: str) -> bytes:
    statement = select(col(InboxEvent.raw)).where(
        col(InboxEvent.provider) == provider, col(InboxEvent.event_id) == event_id
    )
    return (await session.execute(statement)).scalar_one()
