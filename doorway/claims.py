"""Taking a task and putting it back, for both doors."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.people import Act
from domain.process import TaskKind
from domain.violations import LoanRuleViolation
from doorway.audit import note_refusal
from doorway.services import Services
from doorway.sessions import Person
from persistence.task_claims import claim_task, put_back_task

_ACTS = {
    TaskKind.REVIEW: Act.REVIEW,
    TaskKind.APPROVAL: Act.APPROVE,
    TaskKind.RELEASE_REVIEW: Act.RELEASE,
    TaskKind.RELEASE_RECHECK: Act.RELEASE,
}


async def claim(services: Services, person: Person, task_id: UUID, now: datetime) -> UUID:
    """Take a task; returns its case. Violations: those of `persistence.task_claims`."""
    try:
        async with services.database.transaction() as session:
            return await claim_task(session, task_id, person.actor, now)
    except LoanRuleViolation as violation:
        act = next((act for act in _ACTS.values() if person.may(act)), Act.SUPPLEMENT)
        await note_refusal(services, person, act, violation.code, now=now)
        raise


async def put_back(services: Services, person: Person, task_id: UUID, now: datetime) -> UUID:
    """Give a task back to the list; returns its case."""
    async with services.database.transaction() as session:
        return await put_back_task(session, task_id, person.actor, now)
