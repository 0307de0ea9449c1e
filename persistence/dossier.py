"""The facts of a dossier: proposed as items, verified by a second person, superseded, kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers.dossier import Entry, check_whole, read_entries, work_after
from domain.customers.dossier.sections import FORMER_NAMES, IDENTITY
from domain.customers.lookalike import skeleton
from domain.texts import name_key
from domain.violations import Finding, FindingsViolation, StaleViolation
from persistence.audit import record
from persistence.clock import business_date
from persistence.customer_proposals import Effect, Proposed
from persistence.customer_work import add_work
from persistence.customers import NAME_KEY_LENGTH_MAX
from persistence.tables import Customer, DossierEntry

Standing = Mapping[tuple[str, str], DossierEntry]
CAUSE = "dossier.changed"


async def check_facts(session: AsyncSession, proposed: Proposed, at: datetime) -> None:
    """Refuse a proposal of facts that is malformed, contradicts itself or what is known.

    Violations: findings of `read_entries` and `check_whole`, `dossier.changed`, and
    `dossier.nothing` for an item that is removed and not there.
    """
    await _acceptable(session, proposed, at)


async def apply_facts(session: AsyncSession, proposed: Proposed, at: datetime) -> tuple[UUID, ...]:
    """Put the facts in force, and have the customer compared and rated anew where it matters.

    Violations: as `check_facts`; another proposal may have taken effect meanwhile.
    """
    entries, standing = await _acceptable(session, proposed, at)
    customer = await session.get_one(Customer, proposed.customer_id)
    for entry in entries:
        _end(standing.get(entry.key), proposed, at)
    await session.flush()  # one entry of an item is in force: the old one ends first
    for entry in entries:
        if entry.data is not None:
            session.add(_row(entry.section, entry.item, entry.data, entry, proposed, at))
    _bring_to_customer(session, customer, entries, proposed, at)
    for kind in work_after(entry.section for entry in entries):
        await add_work(session, customer.id, kind, CAUSE, at)
    return ()


FACTS = Effect(check_facts, apply_facts)


async def standing_entries(
    session: AsyncSession, customer_id: UUID
) -> dict[tuple[str, str], DossierEntry]:
    """The entries in force, by section and item."""
    statement = select(DossierEntry).where(
        col(DossierEntry.customer_id) == customer_id, col(DossierEntry.known_to).is_(None)
    )
    rows = (await session.execute(statement)).scalars()
    return {(row.section, row.item): row for row in rows}


async def _acceptable(
    session: AsyncSession, proposed: Proposed, at: datetime
) -> tuple[tuple[Entry, ...], Standing]:
    entries = read_entries(proposed.content, await business_date(session, at))
    standing = await standing_entries(session, proposed.customer_id)
    _refuse_stale(entries, standing)
    customer = await session.get_one(Customer, proposed.customer_id)
    after = {key: row.data for key, row in standing.items()}
    for entry in entries:
        after.pop(entry.key, None)
        if entry.data is not None:
            after[entry.key] = dict(entry.data)
    if findings := check_whole(after, customer.registration_number):
        raise FindingsViolation(findings)
    return entries, standing


def _refuse_stale(entries: Iterable[Entry], standing: Standing) -> None:
    findings = []
    for place, entry in enumerate(entries):
        there = standing.get(entry.key)
        if (there.id if there else None) != entry.replaces:
            raise StaleViolation("dossier.changed")
        if there is None and entry.data is None:
            findings.append(Finding(f"entries.{place}.item", "dossier.nothing"))
    if findings:
        raise FindingsViolation(findings)


def _end(row: DossierEntry | None, proposed: Proposed, at: datetime) -> None:
    if row is not None:
        row.known_to, row.ended_by_proposal_id = at, proposed.id


def _row(
    section: str,
    item: str,
    data: Mapping[str, str],
    entry: Entry,
    proposed: Proposed,
    at: datetime,
) -> DossierEntry:
    return DossierEntry(
        id=uuid5(proposed.id, f"{section}/{item}"),
        customer_id=proposed.customer_id,
        section=section,
        item=item,
        data=dict(data),
        source=entry.source,
        as_of=entry.as_of,
        known_from=at,
        proposal_id=proposed.id,
        proposed_by=proposed.proposed_by,
        verified_by=proposed.decided_by or proposed.proposed_by,
    )


def _bring_to_customer(
    session: AsyncSession,
    customer: Customer,
    entries: Iterable[Entry],
    proposed: Proposed,
    at: datetime,
) -> None:
    """What lists, cases and sources read of a customer follows its verified identity."""
    for entry in entries:
        if entry.section != IDENTITY or entry.data is None:
            continue
        value = entry.data[entry.item]
        if entry.item == "name":
            _rename(session, customer, value, entry, proposed, at)
        elif entry.item == "legal_representative":
            customer.legal_representative = value
        elif entry.item == "industry":
            customer.industry = value
        elif entry.item == "established_on":
            customer.established_on = date.fromisoformat(value)


def _rename(
    session: AsyncSession,
    customer: Customer,
    name: str,
    entry: Entry,
    proposed: Proposed,
    at: datetime,
) -> None:
    """A new name; the one before stays in the dossier, also if it was never a fact of its own."""
    if name == customer.name:
        return
    former = {"name": customer.name, "until_on": entry.as_of.isoformat()}
    item = proposed.id.hex[:16]
    session.add(_row(FORMER_NAMES, item, former, entry, proposed, at))
    customer.name = name
    customer.name_key = name_key(name)[:NAME_KEY_LENGTH_MAX]
    customer.skeleton = skeleton(name)
    record(
        session,
        "customer.renamed",
        at,
        subject=str(customer.id),
        former=former["name"],
        name=name,
        proposal=proposed.id,
    )
