"""Messages to a customer or to staff: written with what they tell of, shown with who read them.

A message is in the outbox from the transaction that wrote it. A carrier (e-mail, SMS) may take it
from there; without one, staff see it here and tell the customer themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from domain.people import Actor, Role
from domain.violations import LoanRuleViolation
from persistence.audit import plain, record
from persistence.tables import Notice

CUSTOMER, STAFF = "customer", "staff"
OUTBOX, DELIVERED, READ = "outbox", "delivered", "read"
_LANGUAGE = "zh-CN"


def tell_customer(
    session: AsyncSession, customer_id: UUID, template: str, at: datetime, told: Mapping[str, Any]
) -> UUID:
    """Write a message to the customer, in the language contracts are made in."""
    notice = _notice(customer_id, CUSTOMER, template, at, told)
    notice.status = OUTBOX
    session.add(notice)
    record(session, "notice.written", at, subject=str(customer_id), template=template)
    return notice.id


def tell_staff(
    session: AsyncSession,
    customer_id: UUID,
    template: str,
    at: datetime,
    *,
    role: Role,
    staff_id: UUID | None = None,
    told: Mapping[str, Any],
) -> UUID:
    """Write a message to whoever holds a role, or to one of them. In the house it is there."""
    notice = _notice(customer_id, STAFF, template, at, told)
    notice.role, notice.staff_id = role, staff_id
    notice.status, notice.delivered_at = DELIVERED, at
    session.add(notice)
    return notice.id


async def mark_handed_over(
    session: AsyncSession, customer_id: UUID, notice_id: UUID, actor: Actor, at: datetime
) -> None:
    """A person gave the customer the message. Violations: `notice.unknown`, `notice.not_yours`."""
    notice = await _locked(session, customer_id, notice_id)
    if notice.audience != CUSTOMER:
        raise LoanRuleViolation("notice.not_yours")
    if notice.delivered_at is None:
        notice.status, notice.delivered_at = DELIVERED, at
        record(
            session,
            "notice.delivered",
            at,
            subject=str(customer_id),
            actor=actor,
            notice=notice.id,
            template=notice.template,
        )


async def mark_read(
    session: AsyncSession, customer_id: UUID, notice_id: UUID, actor: Actor, at: datetime
) -> None:
    """Whom it is for has read it. Violations: `notice.unknown`, `notice.not_yours`."""
    notice = await _locked(session, customer_id, notice_id)
    mine = notice.staff_id in (None, UUID(actor.staff_id))
    if notice.audience != STAFF or notice.role not in actor.roles or not mine:
        raise LoanRuleViolation("notice.not_yours")
    if notice.read_at is None:
        notice.status, notice.read_at, notice.read_by = READ, at, UUID(actor.staff_id)


async def _locked(session: AsyncSession, customer_id: UUID, notice_id: UUID) -> Notice:
    notice = await session.get(Notice, notice_id, with_for_update=True)
    if notice is None or notice.customer_id != customer_id:
        raise LoanRuleViolation("notice.unknown")
    return notice


def _notice(
    customer_id: UUID, audience: str, template: str, at: datetime, told: Mapping[str, Any]
) -> Notice:
    return Notice(
        id=uuid4(),
        customer_id=customer_id,
        audience=audience,
        template=template,
        params=plain(told),
        language=_LANGUAGE,
        status=OUTBOX,
        written_at=at,
    )
