"""Staff as the doors know them: who may sign in, and who is locked out for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.people import Role
from persistence.audit import record
from persistence.tables import Staff

FAILED_ATTEMPTS_MAX = 5
LOCKED_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class StaffAccount:
    """One account as a sign-in needs it."""

    id: UUID
    username: str
    password_hash: str
    active: bool
    locked_until: datetime | None

    def locked(self, now: datetime) -> bool:
        """Whether the account still waits out its failed attempts."""
        return self.locked_until is not None and now < self.locked_until


async def account_of(session: AsyncSession, username: str) -> StaffAccount | None:
    """The account of a user name, if there is one."""
    found = select(Staff).where(col(Staff.username) == username)
    staff = (await session.execute(found)).scalar_one_or_none()
    if staff is None:
        return None
    return StaffAccount(
        staff.id, staff.username, staff.password_hash, staff.active, staff.locked_until
    )


async def note_failure(session: AsyncSession, staff_id: UUID, now: datetime) -> None:
    """Count a wrong password; the fifth in a row locks the account for 15 minutes."""
    staff = await session.get(Staff, staff_id, with_for_update=True)
    if staff is None:
        return
    staff.failed_attempts += 1
    if staff.failed_attempts >= FAILED_ATTEMPTS_MAX:
        staff.failed_attempts = 0
        staff.locked_until = now + LOCKED_FOR
        record(session, "staff.locked", now, subject=str(staff_id))


async def note_success(session: AsyncSession, staff_id: UUID, now: datetime) -> bool:
    """Forget earlier failures. False when the account was locked or closed in the meantime."""
    staff = await session.get(Staff, staff_id, with_for_update=True)
    if staff is None or not staff.active:
        return False
    if staff.locked_until is not None and now < staff.locked_until:
        return False
    staff.failed_attempts = 0
    staff.locked_until = None
    return True


async def renew_hash(session: AsyncSession, staff_id: UUID, password_hash: str) -> None:
    """Keep a password under today's hashing parameters."""
    staff = await session.get(Staff, staff_id, with_for_update=True)
    if staff is not None:
        staff.password_hash = password_hash


def roles_of(staff: Staff) -> tuple[Role, ...]:
    """The roles a row holds, as the domain's values."""
    return tuple(Role(role) for role in staff.roles)
