"""What the registry states that the dossier does not say yet, ready to be proposed as facts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers.verification import IDENTITY, registered_values
from domain.verification import SourceStatus
from persistence.tables import CustomerSourceReport, CustomerVerification, DossierEntry

REGISTRY = "registry"


async def registered_identity(session: AsyncSession, customer_id: UUID) -> list[dict[str, Any]]:
    """Entries of the dossier's identity as the newest registry report states them.

    Only what differs from the facts in force; each names the entry it replaces. Empty where the
    registry has not answered or says nothing new.
    """
    report = await _newest_report(session, customer_id)
    if report is None or report.as_of is None:
        return []
    standing = await _standing(session, customer_id)
    as_of = report.as_of.isoformat()
    return [
        _entry(field, value, as_of, standing.get(field))
        for field, value in registered_values(report.facts).items()
        if field not in standing or standing[field].data.get(field) != value
    ]


def _entry(field: str, value: str, as_of: str, there: DossierEntry | None) -> dict[str, Any]:
    return {
        "section": IDENTITY,
        "item": field,
        "data": {field: value},
        "source": REGISTRY,
        "as_of": as_of,
        "replaces": str(there.id) if there is not None else None,
    }


async def _newest_report(session: AsyncSession, customer_id: UUID) -> CustomerSourceReport | None:
    statement = (
        select(CustomerSourceReport)
        .join(
            CustomerVerification,
            col(CustomerVerification.id) == col(CustomerSourceReport.verification_id),
        )
        .where(
            col(CustomerVerification.customer_id) == customer_id,
            col(CustomerSourceReport.source) == REGISTRY,
            col(CustomerSourceReport.status) == SourceStatus.ANSWERED,
        )
        .order_by(col(CustomerVerification.opened_at).desc())
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def _standing(session: AsyncSession, customer_id: UUID) -> dict[str, DossierEntry]:
    statement = select(DossierEntry).where(
        col(DossierEntry.customer_id) == customer_id,
        col(DossierEntry.section) == IDENTITY,
        col(DossierEntry.known_to).is_(None),
    )
    return {row.item: row for row in (await session.execute(statement)).scalars()}
