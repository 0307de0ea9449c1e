"""A customer, the people who keep and check its dossier, and facts for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from domain.customers import DecideProposal, ProposalKind, ProposeForCustomer
from domain.identifiers import (
    RegistrationNumber,
    RegistrationScheme,
    organisation_check_character,
    uscc_check_character,
)
from domain.people import Actor, Role
from persistence import customer_proposals
from persistence.customer_effects import EFFECTS
from persistence.customers import open_customer
from persistence.engine import Database
from persistence.tables import Staff

NAME = "苏州精密机械有限公司"
OWN = "91350100M000100Y43"
START = datetime(2026, 3, 2, 2, tzinfo=UTC)


def uscc(number: int) -> str:
    """A valid code of its own for each number."""
    organisation = f"{60000000 + number}"
    body = "91110000" + organisation + organisation_check_character(organisation)
    return body + uscc_check_character(body)


def person(name: str, percent: str, last_four: str = "1234") -> dict[str, str]:
    """A natural person's share."""
    return {
        "holder_kind": "person",
        "holder_name": name,
        "holder_last_four": last_four,
        "share_percent": percent,
    }


def firm(name: str, number: str, percent: str) -> dict[str, str]:
    """A firm's share."""
    return {
        "holder_kind": "firm",
        "holder_name": name,
        "holder_number": number,
        "share_percent": percent,
    }


def fact(
    section: str,
    item: str,
    data: Mapping[str, str] | None,
    replaces: UUID | None = None,
    as_of: str = "2026-03-01",
) -> dict[str, Any]:
    """An entry of a proposal."""
    return {
        "section": section,
        "item": item,
        "data": dict(data) if data is not None else None,
        "source": "registry",
        "as_of": as_of,
        "replaces": str(replaces) if replaces else None,
    }


@dataclass
class DossierBook:
    """Proposes and decides without a process, at instants of its own."""

    database: Database
    customer_id: UUID = field(default_factory=uuid4)
    people: dict[str, Actor] = field(default_factory=dict)
    at: datetime = START

    async def open(self) -> None:
        """Hire the people and open the customer."""
        async with self.database.transaction() as session:
            for name, role in (
                ("manager", Role.CUSTOMER_MANAGER),
                ("reviewer", Role.REVIEWER),
                ("risk", Role.RISK_OFFICER),
            ):
                staff = Staff(
                    id=uuid4(),
                    person_id=uuid4(),
                    username=name,
                    name_zh=f"{name}同事",
                    name_en=name.title(),
                    roles=[role],
                    password_hash="-",
                )
                session.add(staff)
                self.people[name] = Actor(str(staff.id), (role,))
        self.customer_id = await self.customer(OWN, NAME)

    async def customer(self, number: str, name: str) -> UUID:
        """One more customer."""
        registered = RegistrationNumber(RegistrationScheme.CN_USCC, number)
        async with self.database.transaction() as session:
            opened, _ = await open_customer(
                session, registered, name, self.people["manager"], self.at
            )
        return opened

    async def propose(
        self,
        content: Mapping[str, Any],
        *,
        customer_id: UUID | None = None,
        kind: ProposalKind = ProposalKind.FACTS,
    ) -> UUID:
        """The manager proposes."""
        command = ProposeForCustomer(
            str(uuid4()),
            customer_id or self.customer_id,
            self.people["manager"],
            kind,
            content,
            "核实",
        )
        async with self.database.transaction() as session:
            told = await customer_proposals.propose(session, command, self.at, EFFECTS)
        return UUID(told.params["proposal"])

    async def approve(self, proposal_id: UUID, customer_id: UUID | None = None) -> None:
        """The risk officer approves, a minute later."""
        self.at += timedelta(minutes=1)
        command = DecideProposal(
            str(uuid4()),
            customer_id or self.customer_id,
            self.people["risk"],
            proposal_id,
            approve=True,
        )
        async with self.database.transaction() as session:
            await customer_proposals.decide(session, command, self.at, EFFECTS)

    async def put(self, *entries: Mapping[str, Any], customer_id: UUID | None = None) -> None:
        """Facts that are proposed and approved."""
        content = {"entries": list(entries)}
        proposal_id = await self.propose(content, customer_id=customer_id)
        await self.approve(proposal_id, customer_id)
