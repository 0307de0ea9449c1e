"""Server-side sessions. Only the token's hash is kept, so a copy of the table opens nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.people import Actor
from persistence.audit import record
from persistence.staff import roles_of
from persistence.tables import Staff, WebSession

LIFETIME = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Who a valid token belongs to."""

    actor: Actor
    username: str
    name_zh: str
    name_en: str
    csrf_token: str
    expires_at: datetime


async def open_session(
    session: AsyncSession, staff_id: UUID, token: str, csrf_token: str, now: datetime
) -> datetime:
    """Start a session under a fresh token; returns when it ends. Outdated ones are swept."""
    await session.execute(delete(WebSession).where(col(WebSession.expires_at) <= now))
    expires_at = now + LIFETIME
    session.add(
        WebSession(
            token_sha256=_sha256(token),
            staff_id=staff_id,
            csrf_token=csrf_token,
            created_at=now,
            expires_at=expires_at,
        )
    )
    record(session, "staff.signed_in", now, subject=str(staff_id))
    return expires_at


async def read_session(session: AsyncSession, token: str, now: datetime) -> OpenSession | None:
    """Whose session a token opens, with the roles held at this moment; None if nobody's."""
    statement = (
        select(Staff, WebSession)
        .join(WebSession, col(WebSession.staff_id) == col(Staff.id))
        .where(
            col(WebSession.token_sha256) == _sha256(token),
            col(WebSession.expires_at) > now,
            col(Staff.active).is_(True),
        )
    )
    row = (await session.execute(statement)).first()
    if row is None:
        return None
    staff, kept = row
    return OpenSession(
        actor=Actor(str(staff.id), roles_of(staff)),
        username=staff.username,
        name_zh=staff.name_zh,
        name_en=staff.name_en,
        csrf_token=kept.csrf_token,
        expires_at=kept.expires_at,
    )


async def close_session(session: AsyncSession, token: str, now: datetime) -> None:
    """End the session of a token; an unknown token ends nothing."""
    statement = delete(WebSession).where(col(WebSession.token_sha256) == _sha256(token))
    ended = (await session.execute(statement.returning(col(WebSession.staff_id)))).first()
    if ended is not None:
        record(session, "staff.signed_out", now, subject=str(ended[0]))


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
