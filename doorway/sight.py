"""What a person may not see is told like what does not exist."""

from __future__ import annotations

from uuid import UUID

from doorway.refusals import NotFound
from doorway.services import Services
from doorway.sessions import Person
from persistence.queries.case_access import may_see_case


async def refuse_unseen(services: Services, person: Person, loan_id: UUID) -> None:
    """Refuse another's loan and one that does not exist alike. Violation: `not_found`."""
    async with services.database.reading() as session:
        if not await may_see_case(session, person.actor, loan_id):
            raise NotFound
