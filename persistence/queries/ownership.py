"""Who stands behind a customer: its dossier's holders, and theirs where they are customers too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.customers.dossier import Party, PartyKind, firm_key, party_of, share_of
from domain.customers.dossier.sections import (
    CIRCLES,
    CONTROLLERS,
    DIRECTORS,
    HOLDINGS,
    SHAREHOLDERS,
)
from domain.customers.ownership import (
    PARTIES_MAX,
    Circle,
    Holding,
    Ownership,
    OwnershipPicture,
    picture_of,
)
from persistence.queries.dossier import Dossier, dossier_of, known_at
from persistence.tables import Customer, DossierEntry

_IN_CHARGE = ("general_manager", "executive_director", "chair")


@dataclass(frozen=True, slots=True)
class OwnershipView:
    """The picture behind one customer, and where the graph has customers of its own.

    `customers` are the dossiers of parties that are customers, by the parties' key;
    `explained` the keys of circles a person has looked at.
    """

    target: str
    graph: Ownership
    picture: OwnershipPicture
    customers: Mapping[str, UUID]
    explained: frozenset[str]

    @property
    def unexplained(self) -> tuple[Circle, ...]:
        """Circles nobody has looked at yet."""
        return tuple(one for one in self.picture.circles if one.key not in self.explained)

    @property
    def owners_known(self) -> bool:
        """Whether the beneficial owners rest on more than not knowing better."""
        return bool(self.picture.beneficial_owners)


async def ownership_of(
    session: AsyncSession, customer_id: UUID, as_of: datetime | None = None
) -> OwnershipView:
    """The ownership around a customer as it is or was known. The customer must exist.

    Each firm's holders come from its own dossier if it has one, else from this customer's. First
    up to whoever is at the top, then down from everybody found to the customers they hold. No
    more than `PARTIES_MAX` parties are followed.
    """
    customer = await session.get_one(Customer, customer_id)
    dossier = await dossier_of(session, customer_id, as_of)
    target = firm_key(customer.registration_number)
    walk = OwnershipWalk(Party(target, PartyKind.FIRM, customer.name), customer_id)
    walk.hold(target, [fact.data for fact in dossier.facts(SHAREHOLDERS)])
    walk.name_holdings([fact.data for fact in dossier.facts(HOLDINGS)])
    while pending := walk.above():
        for held in await _named_by_number(session, pending, as_of):
            walk.take(held)
    pending_below = walk.below()
    while pending_below:
        found = await _held_by(session, pending_below, as_of)
        pending_below = [party for held in found if (party := walk.take(held))]
    graph = walk.graph()
    return OwnershipView(
        target,
        graph,
        picture_of(graph, target, _declared(dossier), _managers(dossier)),
        walk.customers,
        frozenset(fact.data["circle"] for fact in dossier.facts(CIRCLES)),
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """A customer that is found in the graph, and the holders its own dossier names."""

    id: UUID
    party: Party
    holders: tuple[Mapping[str, str], ...]


class OwnershipWalk:
    """Gathers parties and holdings, dossier by dossier."""

    def __init__(self, target: Party, customer_id: UUID) -> None:
        self._parties = {target.key: target}
        self._holdings: dict[str, dict[str, Fraction]] = defaultdict(dict)
        self._asked = {target.key}
        self.customers = {target.key: customer_id}
        self._truncated = False

    def hold(self, held: str, rows: Sequence[Mapping[str, str]]) -> None:
        """A firm's own dossier says who holds it, and what others said no longer counts."""
        if rows:
            self._holdings[held] = {}
        for data in rows:
            self._add(party_of(data, "holder"), held, share_of(data))

    def name_holdings(self, rows: Sequence[Mapping[str, str]]) -> None:
        """What a dossier knows of the holders of others."""
        for data in rows:
            held = party_of(data, "held")
            self._parties.setdefault(held.key, held)
            self._add(party_of(data, "holder"), held.key, share_of(data))

    def take(self, held: _Held) -> Party | None:
        """A customer's own dossier; None where it was taken before or the graph is full."""
        if held.party.key in self.customers:
            return None
        if len(self._parties) >= PARTIES_MAX:
            self._truncated = True
            return None
        self._parties.setdefault(held.party.key, held.party)
        self.customers[held.party.key] = held.id
        self.hold(held.party.key, held.holders)
        return held.party

    def above(self) -> set[str]:
        """The numbers of firms whose own dossiers have not been asked for yet."""
        firms = {key for key, party in self._parties.items() if not party.is_person}
        new = firms - self._asked
        self._asked |= new
        return {key.removeprefix("firm:") for key in new}

    def below(self) -> list[Party]:
        """Everybody found, whose holdings are to be looked for."""
        return list(self._parties.values())

    def graph(self) -> Ownership:
        """The graph as gathered."""
        holdings = tuple(
            Holding(holder, held, share)
            for held, holders in self._holdings.items()
            for holder, share in holders.items()
        )
        return Ownership(self._parties, holdings, self._truncated)

    def _add(self, holder: Party, held: str, share: Decimal) -> None:
        self._parties.setdefault(holder.key, holder)
        self._holdings[held][holder.key] = Fraction(share) / 100


async def _named_by_number(
    session: AsyncSession, numbers: Iterable[str], as_of: datetime | None
) -> tuple[_Held, ...]:
    return await _customers(session, col(Customer.registration_number).in_(sorted(numbers)), as_of)


async def _held_by(
    session: AsyncSession, holders: Iterable[Party], as_of: datetime | None
) -> tuple[_Held, ...]:
    """The customers whose own dossiers name one of the parties as a holder."""
    keys = {party.key for party in holders}
    numbers = sorted(key.removeprefix("firm:") for key in keys if key.startswith("firm:"))
    names = sorted({party.name for party in holders if party.is_person})
    data = col(DossierEntry.data)
    naming = select(col(DossierEntry.customer_id)).where(
        col(DossierEntry.section) == SHAREHOLDERS,
        known_at(as_of),
        or_(data["holder_number"].astext.in_(numbers), data["holder_name"].astext.in_(names)),
    )
    found = await _customers(session, col(Customer.id).in_(naming), as_of)
    return tuple(
        one for one in found if any(party_of(row, "holder").key in keys for row in one.holders)
    )


async def _customers(
    session: AsyncSession, which: ColumnElement[bool], as_of: datetime | None
) -> tuple[_Held, ...]:
    statement = (
        select(col(Customer.id), col(Customer.registration_number), col(Customer.name))
        .where(which)
        .order_by(col(Customer.id))
        .limit(PARTIES_MAX)
    )
    rows = (await session.execute(statement)).all()
    holders = await _holders(session, [row[0] for row in rows], as_of)
    return tuple(
        _Held(row[0], Party(firm_key(row[1]), PartyKind.FIRM, row[2]), tuple(holders[row[0]]))
        for row in rows
    )


async def _holders(
    session: AsyncSession, customers: Sequence[UUID], as_of: datetime | None
) -> dict[UUID, list[Mapping[str, str]]]:
    statement = (
        select(col(DossierEntry.customer_id), col(DossierEntry.data))
        .where(
            col(DossierEntry.customer_id).in_(customers),
            col(DossierEntry.section) == SHAREHOLDERS,
            known_at(as_of),
        )
        .order_by(col(DossierEntry.item))
    )
    found: dict[UUID, list[Mapping[str, str]]] = defaultdict(list)
    for customer_id, data in (await session.execute(statement)).all():
        found[customer_id].append(data)
    return found


def _declared(dossier: Dossier) -> list[Party]:
    return [party_of(fact.data, "controller") for fact in dossier.facts(CONTROLLERS)]


def _managers(dossier: Dossier) -> list[tuple[str, str]]:
    """Who is in charge, the general manager before the others; else the legal representative."""
    named = [
        (fact.data["person_name"], fact.data.get("person_last_four", ""))
        for position in _IN_CHARGE
        for fact in dossier.facts(DIRECTORS)
        if fact.data["position"] == position
    ]
    legal = dossier.identity("legal_representative")
    return [*named, (legal, "")] if legal else named
