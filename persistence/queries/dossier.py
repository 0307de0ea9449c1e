"""A dossier as it is or was known, and what changed between two instants."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from domain.customers.dossier import SECTIONS, Expiry, Items, Party, expiry_of, party_of
from persistence.clock import business_clock
from persistence.queries.names import BilingualName
from persistence.tables import DossierEntry, Staff

HISTORY_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Fact:
    """One item as it was held to be true from one instant to another, and by whose hands."""

    id: UUID
    section: str
    item: str
    data: Mapping[str, str]
    source: str
    as_of: date
    known_from: datetime
    known_to: datetime | None
    proposal_id: UUID | None
    ended_by: UUID | None
    proposer: BilingualName
    verifier: BilingualName

    def expiry(self, today: date) -> Expiry:
        """How the last day it names stands to a day."""
        last = self.data.get("valid_to_on")
        return expiry_of(date.fromisoformat(last) if last else None, today)

    def party(self, prefix: str) -> Party:
        """The party it names."""
        return party_of(self.data, prefix)


@dataclass(frozen=True, slots=True)
class Dossier:
    """The facts by section, oldest first; `as_of` None is what is known now."""

    customer_id: UUID
    as_of: datetime | None
    sections: Mapping[str, tuple[Fact, ...]]

    def facts(self, section: str) -> tuple[Fact, ...]:
        """The items of a section."""
        return self.sections.get(section, ())

    def fact(self, section: str, item: str) -> Fact | None:
        """One item."""
        return next((fact for fact in self.facts(section) if fact.item == item), None)

    def identity(self, field: str) -> str | None:
        """A verified value of the identity, or None."""
        fact = self.fact("identity", field)
        return fact.data[field] if fact else None

    @property
    def items(self) -> Items:
        """The data of every item, by section and item."""
        return {
            (section, fact.item): fact.data
            for section, facts in self.sections.items()
            for fact in facts
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """An item that stood otherwise at two instants; None where it was not there."""

    section: str
    item: str
    before: Fact | None
    after: Fact | None


async def dossier_of(
    session: AsyncSession, customer_id: UUID, as_of: datetime | None = None
) -> Dossier:
    """The facts in force, now or at an instant; a customer without facts has an empty dossier."""
    ordered = (col(DossierEntry.known_from), col(DossierEntry.item))
    statement = _rows(customer_id).where(known_at(as_of)).order_by(*ordered)
    found: dict[str, list[Fact]] = defaultdict(list)
    for row in (await session.execute(statement)).all():
        fact = _fact(row)
        found[fact.section].append(fact)
    sections = {code: tuple(found[code]) for code in SECTIONS if code in found}
    return Dossier(customer_id, as_of, sections)


async def difference_between(
    session: AsyncSession, customer_id: UUID, earlier: datetime, later: datetime
) -> tuple[Difference, ...]:
    """What stood otherwise at two instants, in the order of the sections."""
    before = _by_key(await dossier_of(session, customer_id, earlier))
    after = _by_key(await dossier_of(session, customer_id, later))
    order = list(SECTIONS)
    keys = sorted({*before, *after}, key=lambda key: (order.index(key[0]), key[1]))
    return tuple(
        Difference(section, item, before.get((section, item)), after.get((section, item)))
        for section, item in keys
        if _entry_of(before.get((section, item))) != _entry_of(after.get((section, item)))
    )


async def history_of(
    session: AsyncSession, customer_id: UUID, section: str = "", item: str = ""
) -> tuple[Fact, ...]:
    """Every version of a customer's items, or of one of them, newest first."""
    statement = _rows(customer_id)
    if section:
        statement = statement.where(col(DossierEntry.section) == section)
    if item:
        statement = statement.where(col(DossierEntry.item) == item)
    newest = statement.order_by(col(DossierEntry.known_from).desc(), col(DossierEntry.id))
    rows = (await session.execute(newest.limit(HISTORY_LENGTH))).all()
    return tuple(_fact(row) for row in rows)


async def facts_named(
    session: AsyncSession, customer_id: UUID, ids: Collection[UUID]
) -> tuple[Fact, ...]:
    """Items of a customer by their ids, also those that are superseded."""
    statement = _rows(customer_id).where(col(DossierEntry.id).in_(ids))
    return tuple(_fact(row) for row in (await session.execute(statement)).all())


async def end_of_day(session: AsyncSession, day: date) -> datetime:
    """The instant until which a business day's changes are in the dossier of that day."""
    return (await business_clock(session)).end_of(day)


def known_at(as_of: datetime | None) -> ColumnElement[bool]:
    """In force now, or just before an instant, so that a day's end holds all of the day."""
    if as_of is None:
        return col(DossierEntry.known_to).is_(None)
    return (col(DossierEntry.known_from) < as_of) & or_(
        col(DossierEntry.known_to).is_(None), col(DossierEntry.known_to) >= as_of
    )


def _rows(customer_id: UUID) -> Select[*tuple[Any, ...]]:
    proposer, verifier = aliased(Staff), aliased(Staff)
    return (
        select(
            DossierEntry,
            col(proposer.name_zh),
            col(proposer.name_en),
            col(verifier.name_zh),
            col(verifier.name_en),
        )
        .join(proposer, col(proposer.id) == col(DossierEntry.proposed_by))
        .join(verifier, col(verifier.id) == col(DossierEntry.verified_by))
        .where(col(DossierEntry.customer_id) == customer_id)
    )


def _fact(row: Row[*tuple[Any, ...]]) -> Fact:
    entry: DossierEntry = row[0]
    return Fact(
        id=entry.id,
        section=entry.section,
        item=entry.item,
        data=_ordered(entry),
        source=entry.source,
        as_of=entry.as_of,
        known_from=entry.known_from,
        known_to=entry.known_to,
        proposal_id=entry.proposal_id,
        ended_by=entry.ended_by_proposal_id,
        proposer=BilingualName(row[1], row[2]),
        verifier=BilingualName(row[3], row[4]),
    )


def _ordered(entry: DossierEntry) -> dict[str, str]:
    """The values in the order of the form; the column keeps none."""
    names = (field.name for field in SECTIONS[entry.section].fields)
    return {name: entry.data[name] for name in names if name in entry.data}


def _by_key(dossier: Dossier) -> dict[tuple[str, str], Fact]:
    return {
        (section, fact.item): fact for section, facts in dossier.sections.items() for fact in facts
    }


def _entry_of(fact: Fact | None) -> UUID | None:
    return fact.id if fact else None
