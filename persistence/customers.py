"""Customer dossiers: opened once by their registration number."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.identifiers import RegistrationNumber
from domain.people import Actor
from domain.texts import clean_name, name_key
from persistence.audit import record
from persistence.tables import Customer

NAME_KEY_LENGTH_MAX = 200  # the column's; a compatibility form may be longer than its name


async def open_customer(
    session: AsyncSession, number: RegistrationNumber, name: str, actor: Actor, now: datetime
) -> tuple[UUID, bool]:
    """Open a dossier, or find the one its number already has; True when it is new.

    Two officers at the same moment get the same dossier. Violations: those of `clean_name`.
    """
    cleaned = clean_name(name)
    row = {
        "id": uuid4(),
        "scheme": number.scheme.value,
        "registration_number": number.value,
        "name": cleaned,
        "name_key": name_key(cleaned)[:NAME_KEY_LENGTH_MAX],
        "opened_by": UUID(actor.staff_id),
        "opened_at": now,
    }
    statement = insert(Customer).values(row).on_conflict_do_nothing()
    opened = (await session.execute(statement.returning(col(Customer.id)))).first()
    if opened is None:
        return await _existing(session, number), False
    record(session, "customer.opened", now, subject=str(opened[0]), actor=actor)
    return opened[0], True


async def find_customer(session: AsyncSession, number: RegistrationNumber) -> UUID | None:
    """The dossier of a registration number, if there is one."""
    statement = select(col(Customer.id)).where(
        col(Customer.scheme) == number.scheme.value,
        col(Customer.registration_number) == number.value,
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def _existing(session: AsyncSession, number: RegistrationNumber) -> UUID:
    found = await find_customer(session, number)
    if found is None:
        raise RuntimeError("a dossier that stood in the way is not there")
    return found
