"""Books taken over from elsewhere: many dossiers and complete drafts at once, each only once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers.lookalike import skeleton
from domain.identifiers import RegistrationNumber
from domain.people import Actor, Role
from domain.process import CaseStatus, Stage
from domain.texts import name_key
from persistence.audit import record
from persistence.credit_decisions import ENGINE
from persistence.customers import NAME_KEY_LENGTH_MAX
from persistence.staff_accounts import create_staff
from persistence.tables import Customer, DecisionRow, Draft, Loan, Staff

IMPORTER_USERNAME = "import"
_NO_PASSWORD = "!"  # noqa: S105 - no hash at all, so no password ever fits
_NAMESPACE = uuid5(NAMESPACE_URL, "corploan:import")
_ON_ITS_WAY = (Stage.SUBMITTED, Stage.DATA_COLLECTION, Stage.RATING, Stage.DECISION)


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One application of another bank's book. Its ids follow from its registration number."""

    number: RegistrationNumber
    name: str
    product_code: str
    fields: Mapping[str, str]

    @property
    def draft_id(self) -> UUID:
        """The draft's id, and later the loan's."""
        return _id_of("draft", self.number)

    @property
    def customer_id(self) -> UUID:
        """The dossier's id, unless the firm has a dossier already."""
        return _id_of("customer", self.number)


@dataclass(frozen=True, slots=True)
class KnownImport:
    """What an earlier import left of a row."""

    fields: Mapping[str, str]
    submitted: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an imported case stands once the engine has judged it."""

    verdict: str
    stage: str
    status: str


async def importer(session: AsyncSession, now: datetime) -> Actor:
    """The officer imported cases belong to: an account nobody can sign in to.

    Violation: `staff.username_taken` when a person's account has its name.
    """
    staff_id = uuid5(_NAMESPACE, "officer")
    roles = (Role.CUSTOMER_MANAGER,)
    if await session.get(Staff, staff_id) is None:
        await create_staff(
            session,
            username=IMPORTER_USERNAME,
            name_zh="数据导入",
            name_en="Data import",
            roles=roles,
            password_hash=_NO_PASSWORD,
            now=now,
            staff_id=staff_id,
        )
    return Actor(str(staff_id), roles)


async def known_imports(
    session: AsyncSession, draft_ids: Collection[UUID]
) -> dict[UUID, KnownImport]:
    """Which of these rows were taken in before."""
    statement = select(col(Draft.id), col(Draft.fields), col(Draft.submitted_at))
    rows = (await session.execute(statement.where(col(Draft.id).in_(draft_ids)))).all()
    return {row[0]: KnownImport(row[1], row[2] is not None) for row in rows}


async def take_in(
    session: AsyncSession, rows: Sequence[ImportRow], officer: Actor, now: datetime
) -> None:
    """Open the dossiers and keep the drafts; a submitted draft never changes."""
    if not rows:
        return
    await _open_dossiers(session, rows, officer, now)
    customers = await _dossiers(session, rows)
    statement = insert(Draft).values(
        [_draft(row, customers[row.number.value], officer, now) for row in rows]
    )
    kept = statement.on_conflict_do_update(
        index_elements=["id"],
        set_={"fields": statement.excluded.fields, "updated_at": now},
        where=col(Draft.submitted_at).is_(None),
    )
    await session.execute(kept)
    for row in rows:
        record(
            session,
            "draft.imported",
            now,
            subject=str(row.draft_id),
            actor=officer,
            product=row.product_code,
        )


async def standings(session: AsyncSession, loan_ids: Collection[UUID]) -> dict[UUID, Standing]:
    """Those of these cases that the engine has judged and that rest where the verdict put them."""
    statement = (
        select(col(Loan.id), col(DecisionRow.verdict), col(Loan.stage), col(Loan.status))
        .join(DecisionRow, col(DecisionRow.loan_id) == col(Loan.id))
        .where(col(Loan.id).in_(loan_ids), col(DecisionRow.command_id) == ENGINE)
    )
    found = {row[0]: Standing(row[1], row[2], row[3]) for row in await session.execute(statement)}
    return {loan_id: standing for loan_id, standing in found.items() if _rests(standing)}


def _rests(standing: Standing) -> bool:
    return standing.status != CaseStatus.ACTIVE or standing.stage not in _ON_ITS_WAY


async def _open_dossiers(
    session: AsyncSession, rows: Sequence[ImportRow], officer: Actor, now: datetime
) -> None:
    statement = insert(Customer).values([_customer(row, officer, now) for row in rows])
    opened = await session.execute(statement.on_conflict_do_nothing().returning(col(Customer.id)))
    for customer_id in opened.scalars().all():
        record(session, "customer.opened", now, subject=str(customer_id), actor=officer)


async def _dossiers(session: AsyncSession, rows: Sequence[ImportRow]) -> dict[str, UUID]:
    statement = select(col(Customer.registration_number), col(Customer.id)).where(
        col(Customer.scheme) == rows[0].number.scheme.value,
        col(Customer.registration_number).in_([row.number.value for row in rows]),
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


def _customer(row: ImportRow, officer: Actor, now: datetime) -> dict[str, Any]:
    return {
        "id": row.customer_id,
        "scheme": row.number.scheme.value,
        "registration_number": row.number.value,
        "name": row.name,
        "skeleton": skeleton(row.name),
        "name_key": name_key(row.name)[:NAME_KEY_LENGTH_MAX],
        "opened_by": UUID(officer.staff_id),
        "opened_at": now,
    }


def _draft(row: ImportRow, customer_id: UUID, officer: Actor, now: datetime) -> dict[str, Any]:
    return {
        "id": row.draft_id,
        "customer_id": customer_id,
        "officer_id": UUID(officer.staff_id),
        "product_code": row.product_code,
        "fields": dict(row.fields),
        "statements": {},
        "version": 1,
        "created_at": now,
        "updated_at": now,
    }


def _id_of(what: str, number: RegistrationNumber) -> UUID:
    return uuid5(_NAMESPACE, f"{what}:{number.scheme.value}:{number.value}")
