"""Who did what when on one case, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.business_time import BusinessClock
from persistence.clock import business_clock
from persistence.queries.names import BilingualName, bilingual
from persistence.tables import AuditEvent, Loan, Staff

TIMELINE_LENGTH = 200
_SUBJECTS: Mapping[str, str] = {
    "task": "task",
    "envelope": "agreement",
    "source": "source",
    "instalment": "number",
    "stage": "stage",
}


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One audited step. `name` is None where the process itself acted.

    `change_id` names the change of the loan the step is about.
    """

    sequence: int
    at: datetime
    business_on: date
    action: str
    facts: Mapping[str, Any]
    name: BilingualName | None
    role: str | None
    change_id: str | None = None


async def timeline(session: AsyncSession, loan_id: UUID) -> tuple[TimelineEvent, ...]:
    """The newest steps of a case, at most TIMELINE_LENGTH; the recorded history has them all."""
    statement = (
        select(AuditEvent, col(Staff.name_zh), col(Staff.name_en), col(Loan.currency))
        .outerjoin(Staff, col(Staff.id) == col(AuditEvent.staff_id))
        .outerjoin(Loan, col(Loan.id) == col(AuditEvent.loan_id))
        .where(col(AuditEvent.loan_id) == loan_id)
        .order_by(col(AuditEvent.sequence).desc())
        .limit(TIMELINE_LENGTH)
    )
    rows = (await session.execute(statement)).all()
    clock = await business_clock(session)
    return tuple(_event(row, clock) for row in rows)


def facts_of_event(event: AuditEvent, currency: str | None) -> dict[str, Any]:
    """What the event's sentence may name: its data, its subject and the case's currency."""
    family = event.action.partition(".")[0]
    subject = {_SUBJECTS[family]: event.subject} if family in _SUBJECTS else {}
    kind = {family: event.data.get("kind")} if family in ("incident", "change") else {}
    # A reason is a rule's code or a person's own words: neither belongs into a fixed sentence.
    data = {name: value for name, value in event.data.items() if name != "reason"}
    return {"currency": currency or "", **subject, **kind, **data}


def _event(row: Row[*tuple[Any, ...]], clock: BusinessClock) -> TimelineEvent:
    event: AuditEvent = row.AuditEvent
    return TimelineEvent(
        sequence=event.sequence,
        at=event.at,
        business_on=clock.business_date(event.at),
        action=event.action,
        facts=facts_of_event(event, row.currency),
        name=bilingual(row.name_zh, row.name_en),
        role=event.role,
        change_id=event.subject if event.action.startswith("change.") else None,
    )
