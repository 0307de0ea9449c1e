"""Refused acts leave a trace too, in a transaction of their own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.people import Act
from doorway.services import Services
from doorway.sessions import Person
from persistence.audit import record


async def note_refusal(
    services: Services,
    person: Person,
    act: Act,
    code: str,
    *,
    now: datetime,
    loan_id: UUID | None = None,
) -> None:
    """Note that a person was refused an act, and by which rule; never what they sent."""
    async with services.database.transaction() as session:
        record(session, f"refused.{act.value}", now, loan_id=loan_id, actor=person.actor, code=code)
