"""Accounts of the staff: added and closed by the administrator, never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.people import Actor, Role
from domain.violations import LoanRuleViolation
from persistence.audit import record
from persistence.seed.demo_staff import DEMO_STAFF
from persistence.tables import Staff, WebSession


async def create_staff(
    session: AsyncSession,
    *,
    username: str,
    name_zh: str,
    name_en: str,
    roles: Sequence[Role],
    password_hash: str,
    now: datetime,
    actor: Actor | None = None,
    staff_id: UUID | None = None,
    same_person_as: UUID | None = None,
) -> UUID:
    """Add an account. `same_person_as` names another account of the same human being.

    Violations: `staff.username_taken`, `staff.unknown`.
    """
    new_id = staff_id or uuid4()
    row = {
        "id": new_id,
        "person_id": await _person_of(session, same_person_as) or new_id,
        "username": username,
        "name_zh": name_zh,
        "name_en": name_en,
        "roles": [role.value for role in roles],
        "password_hash": password_hash,
        "active": True,
        "failed_attempts": 0,
    }
    statement = insert(Staff).values(row).on_conflict_do_nothing()
    added = (await session.execute(statement.returning(col(Staff.id)))).first()
    if added is None:
        raise LoanRuleViolation("staff.username_taken")
    kept = [role.value for role in roles]
    record(session, "staff.added", now, subject=str(new_id), actor=actor, roles=kept)
    return new_id


async def close_staff(session: AsyncSession, staff_id: UUID, actor: Actor, now: datetime) -> None:
    """Close an account and end its sessions; closing it twice is closing it once.

    Violations: `staff.unknown`, `staff.self`.
    """
    staff = await session.get(Staff, staff_id, with_for_update=True)
    if staff is None:
        raise LoanRuleViolation("staff.unknown")
    if str(staff_id) == actor.staff_id:
        raise LoanRuleViolation("staff.self")
    await session.execute(delete(WebSession).where(col(WebSession.staff_id) == staff_id))
    if staff.active:
        staff.active = False
        record(session, "staff.closed", now, subject=str(staff_id), actor=actor)


async def seed_demo_staff(session: AsyncSession, password_hash: str, now: datetime) -> None:
    """Add the demo book's accounts that are not there yet."""
    for member in DEMO_STAFF:
        if await session.get(Staff, member.staff_id) is None:
            await create_staff(
                session,
                username=member.username,
                name_zh=member.name_zh,
                name_en=member.name_en,
                roles=member.roles,
                password_hash=password_hash,
                now=now,
                staff_id=member.staff_id,
            )


async def _person_of(session: AsyncSession, staff_id: UUID | None) -> UUID | None:
    if staff_id is None:
        return None
    other = await session.get(Staff, staff_id)
    if other is None:
        raise LoanRuleViolation("staff.unknown")
    return other.person_id
