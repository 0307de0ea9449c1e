"""The signals of a customer as they stand at this moment, for whoever reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.watch.signals import Assessment
from persistence.watch import read_signals


@dataclass(frozen=True, slots=True)
class SignalView:
    """One signal of the catalogue as it stands now; `missing` names facts that are not known."""

    id: str
    colour: str
    result: str
    missing: tuple[str, ...]


async def signals_now(
    session: AsyncSession, customer_id: UUID, now: datetime
) -> tuple[SignalView, ...]:
    """Every signal as it stands now: firing ones first, then what cannot be told."""
    readings = await read_signals(session, customer_id, now)
    found = [
        SignalView(one.signal.id, one.signal.colour, one.result, one.missing) for one in readings
    ]
    ranks = {Assessment.FIRES: 0, Assessment.NOT_ASSESSABLE: 1, Assessment.CLEAR: 2}
    return tuple(sorted(found, key=lambda one: ranks[Assessment(one.result)]))
