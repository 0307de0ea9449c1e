"""Facts through a customer's real process: both names, the work they cause, a late approval."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any
from uuid import UUID

from domain.commands import Receipt
from domain.customers import DecideProposal, ProposalKind, ProposeForCustomer, WorkKind
from persistence.queries.dossier import dossier_of
from persistence.tables import CustomerWork
from tests.persistence.dossier_book import fact, person
from tests.workflows.conftest import World


async def proposed(world: World, *entries: dict[str, Any]) -> Receipt:
    command = ProposeForCustomer(
        str(uuid.uuid4()),
        world.book.customer_id,
        world.book.people["manager"],
        ProposalKind.FACTS,
        {"entries": list(entries)},
        "与登记信息核对",
    )
    return await world.process.propose_for_customer(command)


async def decided(world: World, made: Receipt, who: str = "risk") -> Receipt:
    command = DecideProposal(
        str(uuid.uuid4()),
        world.book.customer_id,
        world.book.people[who],
        UUID(made.params["proposal"]),
        approve=True,
    )
    return await world.process.decide_proposal(command)


async def test_verified_facts_stand_and_are_compared_and_rated_anew(world: World) -> None:
    made = await proposed(
        world, fact("shareholders", "a", person("王建国", "60"), as_of="2020-01-01")
    )
    assert made.accepted
    assert (await decided(world, made, "manager")).code == "duty.role"
    assert (await decided(world, made)).accepted
    async with world.book.database.reading() as session:
        (held,) = (await dossier_of(session, world.book.customer_id)).facts("shareholders")
    assert (held.proposer.en, held.verifier.en) == ("manager", "risk")

    caused = {row.kind for row in await world.book.all_of(CustomerWork)}
    assert caused >= {WorkKind.VERIFY, WorkKind.RATE}


async def test_of_two_approvals_of_one_item_at_once_one_is_refused(world: World) -> None:
    shares = ("60", "70")
    made = [
        await proposed(
            world, fact("shareholders", "a", person("王建国", share), as_of="2020-01-01")
        )
        for share in shares
    ]
    told = await asyncio.gather(*(decided(world, one) for one in made))
    assert sorted(one.code for one in told) == ["", "dossier.changed"]
    async with world.book.database.reading() as session:
        (held,) = (await dossier_of(session, world.book.customer_id)).facts("shareholders")
    assert held.data["share_percent"] in shares


async def test_malformed_facts_come_back_with_the_paths_of_their_fields(world: World) -> None:
    wrong = fact("shareholders", "a", person("王建国", "-1"), as_of="2020-01-01")
    told = await proposed(world, wrong)
    assert not told.accepted
    assert [(one.field, one.code) for one in told.findings] == [
        ("entries.0.data.share_percent", "share.format")
    ]
