"""Having a customer rated anew: put on its agenda, and its process told to look."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from domain.customers import WorkKind
from domain.people import Actor
from doorway.services import Services
from persistence.customer_work import add_work


async def rate_now(services: Services, customer_id: UUID, actor: Actor) -> None:
    """Have a customer rated from what is approved now.

    Raises ProcessUnavailable, and nothing is lost: the engine's sweep finds what waits.
    """
    cause = f"asked:{actor.staff_id}"
    async with services.database.transaction() as session:
        await add_work(session, customer_id, WorkKind.RATE, cause, datetime.now(UTC))
    await services.process.look_at_customer(customer_id)
