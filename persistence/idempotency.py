"""Answers given to a caller's key: the same key gets the same answer, never a second effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.violations import LoanRuleViolation
from persistence.tables import IdempotencyRecord

_OPEN = 0  # no HTTP status: the act was asked for, its answer is not known yet


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What was answered to a key."""

    status: int
    answer: Mapping[str, Any]


async def reserve_key(
    session: AsyncSession, staff_id: UUID, key: str, route: str, body_sha256: str, now: datetime
) -> GivenAnswer | None:
    """Bind a key to one request, before it acts; returns the answer if it was given already.

    None also when an earlier try never got an answer: the process knows the same command id, so
    asking again is safe. Violation: `idempotency.reused` for another request under the key.
    """
    row = {
        "staff_id": staff_id,
        "key": key,
        "route": route,
        "body_sha256": body_sha256,
        "status": _OPEN,
        "answer": {},
        "answered_at": now,
    }
    await session.execute(insert(IdempotencyRecord).values(row).on_conflict_do_nothing())
    kept = await session.get(IdempotencyRecord, (staff_id, key), populate_existing=True)
    if kept is None or (kept.route, kept.body_sha256) != (route, body_sha256):
        raise LoanRuleViolation("idempotency.reused")
    return None if kept.status == _OPEN else GivenAnswer(kept.status, kept.answer)


async def keep_answer(
    session: AsyncSession,
    staff_id: UUID,
    key: str,
    status: int,
    answer: Mapping[str, Any],
    now: datetime,
) -> None:
    """Keep the answer of a reserved key; the first answer stands."""
    statement = (
        update(IdempotencyRecord)
        .where(
            col(IdempotencyRecord.staff_id) == staff_id,
            col(IdempotencyRecord.key) == key,
            col(IdempotencyRecord.status) == _OPEN,
        )
        .values(status=status, answer=dict(answer), answered_at=now)
    )
    await session.execute(statement)
