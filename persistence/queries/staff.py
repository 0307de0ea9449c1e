"""The bank's staff, for the administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from persistence.seed.demo_staff import DEMO_STAFF
from persistence.tables import Staff


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One account."""

    id: UUID
    username: str
    name_zh: str
    name_en: str
    roles: tuple[str, ...]
    active: bool
    locked: bool


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """A sign-in of the demo book, as the sign-in page offers it."""

    username: str
    name_zh: str
    name_en: str
    roles: tuple[str, ...]


async def demo_sign_ins(session: AsyncSession) -> tuple[DemoSignIn, ...]:
    """The demo book's own accounts, in the order of the road; none in a real book."""
    ids = [member.staff_id for member in DEMO_STAFF]
    statement = select(Staff).where(col(Staff.id).in_(ids), col(Staff.active))
    found = (await session.execute(statement)).scalars().all()
    ordered = sorted(found, key=lambda staff: ids.index(staff.id))
    return tuple(
        DemoSignIn(staff.username, staff.name_zh, staff.name_en, tuple(staff.roles))
        for staff in ordered
    )


async def staff_list(session: AsyncSession, now: datetime) -> tuple[StaffLine, ...]:
    """All accounts: the active ones first, then by name."""
    statement = select(Staff).order_by(col(Staff.active).desc(), col(Staff.username))
    return tuple(_line(staff, now) for staff in (await session.execute(statement)).scalars())


def _line(staff: Staff, now: datetime) -> StaffLine:
    return StaffLine(
        id=staff.id,
        username=staff.username,
        name_zh=staff.name_zh,
        name_en=staff.name_en,
        roles=tuple(staff.roles),
        active=staff.active,
        locked=staff.locked_until is not None and staff.locked_until > now,
    )
