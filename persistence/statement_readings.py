"""Keeping what a file of statements was read as, until a person proposes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from domain.financials.packing import packed
from domain.financials.readings import Reading
from domain.people import Act, Actor
from domain.violations import DutyViolation, LoanRuleViolation
from persistence.audit import record
from persistence.tables import Customer, StatementReading


@dataclass(frozen=True)
class ReadFile:
    """The file itself: its bytes' hash, its own name, what it is and how large."""

    sha256: str
    filename: str
    media_type: str
    size: int


async def keep_reading(
    session: AsyncSession,
    customer_id: UUID,
    file: ReadFile,
    reading: Reading,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Keep a reading; returns its id. Violations: `duty.role`, `customer.unknown`."""
    if not actor.may(Act.KEEP_DOSSIER):
        raise DutyViolation("duty.role")
    if await session.get(Customer, customer_id) is None:
        raise LoanRuleViolation("customer.unknown")
    row = StatementReading(
        id=uuid4(),
        customer_id=customer_id,
        source=reading.source,
        sha256=file.sha256,
        filename=file.filename,
        media_type=file.media_type,
        size=file.size,
        reading=dict(packed(reading)),
        uploaded_by=UUID(actor.staff_id),
        uploaded_at=at,
    )
    session.add(row)
    await session.flush()
    record(
        session,
        "statements.read",
        at,
        subject=str(customer_id),
        actor=actor,
        reading=row.id,
        source=reading.source.value,
        sha256=file.sha256,
    )
    return row.id
