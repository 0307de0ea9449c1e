"""Customer dossiers: opened once by their registration number."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.identifiers import RegistrationNumber
from domain.people import Actor
from domain.texts import clean_name, name_key
from domain.violations import LoanRuleViolation
from persistence.audit import record
from persistence.lookalikes import Lookalike, lookalikes_of_name
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


class LookalikeViolation(LoanRuleViolation):
    """The name looks like that of other customers, whom nobody has compared yet."""

    def __init__(self, lookalikes: Sequence[Lookalike]) -> None:
        super().__init__("customer.lookalike")
        self.lookalikes = tuple(lookalikes)


async def open_compared(
    session: AsyncSession,
    number: RegistrationNumber,
    name: str,
    actor: Actor,
    now: datetime,
    compared: Collection[UUID],
) -> tuple[UUID, bool]:
    """Open a dossier as a person does: look-alikes are named first, and must be `compared`.

    Both dossiers stay marked until two people have said that the firms differ. Violations: as
    `open_customer`, `customer.lookalike`.
    """
    known = await find_customer(session, number)
    if known is not None:
        return known, False
    alike = await lookalikes_of_name(session, clean_name(name))
    if any(one.id not in compared for one in alike):
        raise LookalikeViolation(alike)
    opened = await open_customer(session, number, name, actor, now)
    if alike:
        others = [one.id for one in alike]
        record(
            session,
            "customer.compared",
            now,
            subject=str(opened[0]),
            actor=actor,
            different_from=others,
        )
    return opened


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
