"""The audit chain: append only, canonical JSON (RFC 8785), each link with the last one's hash."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.people import Actor
from persistence.tables import AuditEvent

GENESIS = "0" * 64
CHAIN_VERSION = 1
_CHAIN_LOCK = 7_202_601
_PENDING = "audit_pending"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """What happened, before it is chained."""

    at: datetime
    action: str
    loan_id: UUID | None = None
    subject: str | None = None
    staff_id: UUID | None = None
    role: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def record(
    session: AsyncSession,
    action: str,
    at: datetime,
    *,
    loan_id: UUID | None = None,
    subject: str | None = None,
    actor: Actor | None = None,
    role: str | None = None,
    **data: Any,
) -> None:
    """Note an audit event in this transaction; it is chained and written at the commit.

    Amounts, rates and dates are kept as texts: a binary fraction would not be the figure meant.
    """
    staff_id = UUID(actor.staff_id) if actor else None
    told = {name: plain(value) for name, value in data.items()}
    entry = AuditEntry(at, action, loan_id, subject, staff_id, role, told)
    session.info.setdefault(_PENDING, []).append(entry)


def plain(value: Any) -> Any:
    """A value as the chain keeps it: exact figures as texts. A float is a bug of its caller."""
    if isinstance(value, float):
        raise TypeError("the audit chain holds no binary fractions")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value


@asynccontextmanager
async def audit_savepoint(session: AsyncSession) -> AsyncIterator[None]:
    """A part of a transaction that happens whole or not at all, its audit events with it."""
    noted = len(session.info.get(_PENDING, ()))
    try:
        async with session.begin_nested():
            yield
    except BaseException:
        del session.info.get(_PENDING, [])[noted:]
        raise


async def has_taken_effect(
    session: AsyncSession, loan_id: UUID, actions: Sequence[str], command_id: str
) -> bool:
    """Whether a command is in the chain already: a step made again must find its own effect.

    Only for actions recorded with `command=`; call it with the case's row locked.
    """
    statement = select(col(AuditEvent.sequence)).where(
        col(AuditEvent.loan_id) == loan_id,
        col(AuditEvent.action).in_(actions),
        col(AuditEvent.data).contains({"command": command_id}),
    )
    return (await session.execute(statement.limit(1))).first() is not None


def link_sha256(sequence: int, previous: str, entry: AuditEntry) -> str:
    """Hash one link. Instants enter as UTC ISO text, so every reader recomputes the same bytes."""
    body: dict[str, Any] = {
        "v": CHAIN_VERSION,
        "sequence": sequence,
        "previous": previous,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "action": entry.action,
        "loan": str(entry.loan_id) if entry.loan_id else None,
        "subject": entry.subject,
        "staff": str(entry.staff_id) if entry.staff_id else None,
        "role": entry.role,
        "data": dict(entry.data),
    }
    return hashlib.sha256(rfc8785.dumps(body)).hexdigest()


async def chain_pending(session: AsyncSession) -> list[dict[str, Any]]:
    """Write the collected events as the chain's next links; return the live topics they touch."""
    entries: list[AuditEntry] = session.info.pop(_PENDING, [])
    if not entries:
        return []
    await session.flush()
    await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CHAIN_LOCK})
    sequence, previous = await chain_head(session)
    rows = []
    for entry in entries:
        sequence += 1
        sha256 = link_sha256(sequence, previous, entry)
        rows.append(_row(sequence, previous, sha256, entry))
        previous = sha256
    await session.execute(insert(AuditEvent), rows)
    return _topics(entries)


async def chain_head(session: AsyncSession) -> tuple[int, str]:
    """The last link's sequence and hash, or the genesis."""
    statement = (
        select(col(AuditEvent.sequence), col(AuditEvent.sha256))
        .order_by(col(AuditEvent.sequence).desc())
        .limit(1)
    )
    head = (await session.execute(statement)).first()
    return (head[0], head[1]) if head else (0, GENESIS)


def _row(sequence: int, previous: str, sha256: str, entry: AuditEntry) -> dict[str, Any]:
    return {
        "sequence": sequence,
        "previous_sha256": previous,
        "sha256": sha256,
        "at": entry.at,
        "action": entry.action,
        "loan_id": entry.loan_id,
        "subject": entry.subject,
        "staff_id": entry.staff_id,
        "role": entry.role,
        "data": dict(entry.data),
    }


def _topics(entries: list[AuditEntry]) -> list[dict[str, Any]]:
    loans = dict.fromkeys(str(entry.loan_id) for entry in entries if entry.loan_id)
    return [{"loan": loan} for loan in loans] or [{"loan": None}]
