"""Everything the page of a dossier shows at once: facts, papers, owners, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.customers.dossier import Completeness, Holdings, completeness_of
from persistence.clock import business_date
from persistence.lookalikes import Lookalike, lookalikes_of
from persistence.queries.customer_documents import ChecklistItem, checklist_of
from persistence.queries.customer_statements import statements_of
from persistence.queries.dossier import Dossier, dossier_of, end_of_day
from persistence.queries.ownership import OwnershipView, ownership_of


@dataclass(frozen=True, slots=True)
class DossierState:
    """A dossier on a business day; `is_past` says that it is not the one of now."""

    on: date
    is_past: bool
    dossier: Dossier
    papers: tuple[ChecklistItem, ...]
    ownership: OwnershipView
    completeness: Completeness
    lookalikes: tuple[Lookalike, ...]


async def dossier_state(
    session: AsyncSession, customer_id: UUID, now: datetime, as_of: date | None = None
) -> DossierState:
    """The dossier now, or as it was at the end of a business day."""
    today = await business_date(session, now)
    is_past = as_of is not None and as_of < today
    on = as_of if as_of is not None and is_past else today
    instant = await end_of_day(session, on) if is_past else None
    dossier = await dossier_of(session, customer_id, instant)
    papers = await checklist_of(session, customer_id, on, instant)
    ownership = await ownership_of(session, customer_id, instant)
    held = Holdings(
        dossier.items,
        {item.kind: item.state for item in papers},
        len(await statements_of(session, customer_id, instant)),
        ownership.owners_known,
    )
    return DossierState(
        on=on,
        is_past=is_past,
        dossier=dossier,
        papers=papers,
        ownership=ownership,
        completeness=completeness_of(held, on),
        lookalikes=await lookalikes_of(session, customer_id),
    )
