"""Stopping, locking and letting a customer go, by the two people it takes."""

from __future__ import annotations

import uuid
from uuid import UUID

from domain.customers import DecideProposal, ProposalKind, ProposeForCustomer
from tests.workflows.world import World


async def stands(world: World, kind: ProposalKind, who: str = "risk") -> None:
    """A reviewer proposes it and somebody approves it."""
    customer, people = world.book.customer_id, world.book.people
    made = await world.process.propose_for_customer(
        ProposeForCustomer(
            str(uuid.uuid4()),
            customer,
            people["reviewer"],
            kind,
            {"evidence": "经核实发票系伪造"},
            "虚假材料",
        )
    )
    assert made.accepted, made.code
    proposal_id = UUID(made.params["proposal"])
    decided = await world.process.decide_proposal(
        DecideProposal(str(uuid.uuid4()), customer, people[who], proposal_id, approve=True)
    )
    assert decided.accepted, decided.code


async def stopped(world: World) -> None:
    """The bank stops lending to the customer."""
    await stands(world, ProposalKind.STOP_LENDING)


async def locked(world: World) -> None:
    """The customer is locked."""
    await stands(world, ProposalKind.LOCK)


async def let_go(world: World) -> None:
    """Lending may go on."""
    await stands(world, ProposalKind.UNLOCK, "approver")
