"""Having a customer verified: put on its agenda, and its process told to look."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

from domain.identifiers import RegistrationNumber
from domain.people import Actor
from domain.violations import ProcessUnavailable
from doorway.services import Services
from persistence.customer_verification import ask_for_verification
from persistence.customers import open_compared

BY_HAND, OPENED = "by_hand", "opened"


async def verify_now(services: Services, customer_id: UUID) -> None:
    """Have a customer compared with all sources.

    Raises ProcessUnavailable, and nothing is lost: the engine's sweep finds what waits.
    """
    async with services.database.transaction() as session:
        await ask_for_verification(session, customer_id, BY_HAND, datetime.now(UTC))
    await services.process.look_at_customer(customer_id)


async def open_and_verify(
    services: Services,
    number: RegistrationNumber,
    name: str,
    actor: Actor,
    compared: Collection[UUID],
) -> tuple[UUID, bool]:
    """Open a dossier, or find the one its number has; a new one is verified at once.

    Violations: as `open_compared`.
    """
    now = datetime.now(UTC)
    async with services.database.transaction() as session:
        customer_id, is_new = await open_compared(session, number, name, actor, now, compared)
        if is_new:
            await ask_for_verification(session, customer_id, OPENED, now)
    if is_new:
        await _tell(services, customer_id)
    return customer_id, is_new


async def _tell(services: Services, customer_id: UUID) -> None:
    """The dossier is open whether or not the engine is there; its sweep finds what waits."""
    try:
        await services.process.look_at_customer(customer_id)
    except ProcessUnavailable:
        return
