"""Things a person has to look at. One open incident per key, however often it recurs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from persistence.audit import record
from persistence.tables import Incident


async def open_incident(
    session: AsyncSession,
    key: str,
    kind: str,
    at: datetime,
    loan_id: UUID | None = None,
    **detail: Any,
) -> None:
    """Open an incident unless its key has an open one; one that was closed is opened again."""
    row = {
        "id": uuid4(),
        "key": key,
        "kind": kind,
        "loan_id": loan_id,
        "detail": detail,
        "opened_at": at,
    }
    again = {
        "detail": detail,
        "opened_at": at,
        "closed_at": None,
        "closed_by": None,
        "closing_note": None,
    }
    opened = (
        insert(Incident)
        .values(row)
        .on_conflict_do_update(
            index_elements=["key"], set_=again, where=col(Incident.closed_at).is_not(None)
        )
    )
    result = await session.execute(opened.returning(col(Incident.id)))
    if result.first() is not None:
        record(session, "incident.opened", at, loan_id=loan_id, subject=key, kind=kind)


async def close_incident(session: AsyncSession, key: str, at: datetime, note: str) -> None:
    """Close an incident that resolved itself; the note says how."""
    found = select(Incident).where(col(Incident.key) == key)
    incident = (await session.execute(found)).scalar_one_or_none()
    if incident is not None and incident.closed_at is None:
        _close(session, incident, at, note)


async def close_incidents(
    session: AsyncSession, loan_id: UUID, kind: str, at: datetime, note: str
) -> None:
    """Close a loan's incidents of one kind that resolved themselves; the note says how."""
    found = select(Incident).where(
        col(Incident.loan_id) == loan_id,
        col(Incident.kind) == kind,
        col(Incident.closed_at).is_(None),
    )
    for incident in (await session.execute(found.order_by(col(Incident.key)))).scalars():
        _close(session, incident, at, note)


def _close(session: AsyncSession, incident: Incident, at: datetime, note: str) -> None:
    incident.closed_at = at
    incident.closing_note = note
    record(session, "incident.closed", at, loan_id=incident.loan_id, subject=incident.key)
