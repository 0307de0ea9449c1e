"""What a customer stated through its link becomes a proposal of facts by whoever looks after it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers import ProposalKind, ProposeForCustomer
from domain.people import Actor, Role
from domain.violations import LoanRuleViolation
from persistence.audit import audit_savepoint
from persistence.clock import business_date
from persistence.customer_proposals import Effect, propose
from persistence.tables import CustomerReview, DossierEntry, Staff

_REASON = "客户通过更新链接提交 (stated by the customer through its link)"
_IDENTITY = ("name", "legal_representative")
_CONTACT = ("contacts", "customer_link")


async def propose_facts(
    session: AsyncSession,
    review: CustomerReview,
    differing: Mapping[str, str],
    effects: Mapping[ProposalKind, Effect],
    at: datetime,
) -> UUID | None:
    """Propose the changed facts in the owner's name; another person decides.

    None where nobody looks after the customer, where a dossier has no place for what was stated,
    or where its rules refuse it: then the manager takes it up by hand.
    """
    owner = await session.get(Staff, review.owner_id) if review.owner_id else None
    entries = await _entries(session, review, differing, at)
    if owner is None or not entries or ProposalKind.FACTS not in effects:
        return None
    command = ProposeForCustomer(
        f"refresh:{review.id}:{review.link_number}",
        review.customer_id,
        Actor(str(owner.id), tuple(Role(role) for role in owner.roles)),
        ProposalKind.FACTS,
        {"entries": entries},
        _REASON,
    )
    try:
        async with audit_savepoint(session):
            receipt = await propose(session, command, at, effects)
    except LoanRuleViolation:
        return None
    return UUID(receipt.params["proposal"])


async def _entries(
    session: AsyncSession, review: CustomerReview, differing: Mapping[str, str], at: datetime
) -> list[dict[str, Any]]:
    """What was stated as items of a dossier, each naming the entry it replaces."""
    found: dict[tuple[str, str], dict[str, str]] = {
        ("identity", name): {name: differing[name]} for name in _IDENTITY if name in differing
    }
    if "contact_name" in differing and "contact_phone" in differing:
        found[_CONTACT] = {
            "person_name": differing["contact_name"],
            "contact_role": "handler",
            "phone": differing["contact_phone"],
        }
        if "contact_email" in differing:
            found[_CONTACT]["email"] = differing["contact_email"]
    today = await business_date(session, at)
    return [
        {
            "section": section,
            "item": item,
            "data": data,
            "source": "customer",
            "as_of": today.isoformat(),
            "replaces": await _standing(session, review.customer_id, section, item),
        }
        for (section, item), data in found.items()
    ]


async def _standing(
    session: AsyncSession, customer_id: UUID, section: str, item: str
) -> str | None:
    statement = select(col(DossierEntry.id)).where(
        col(DossierEntry.customer_id) == customer_id,
        col(DossierEntry.section) == section,
        col(DossierEntry.item) == item,
        col(DossierEntry.known_to).is_(None),
    )
    known = (await session.execute(statement)).scalar_one_or_none()
    return str(known) if known else None
