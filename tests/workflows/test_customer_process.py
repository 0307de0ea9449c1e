"""A customer's process: four eyes on the locked row, effects with the last approval, an agenda."""

from __future__ import annotations

import uuid
from datetime import timedelta
from uuid import UUID

import pytest
from temporalio.worker import Replayer

import worker as product
from domain.commands import Receipt
from domain.customers import (
    DecideProposal,
    LendingStanding,
    ProposalKind,
    ProposeForCustomer,
    WithdrawProposal,
    Work,
    WorkKind,
)
from domain.people import Role
from persistence import customer_effects
from persistence.customer_work import add_work
from persistence.tables import AuditEvent, Customer, CustomerProposal, CustomerWork
from tests.workflows.conftest import World
from workflows.commands import customer_workflow_id


async def proposed(world: World, kind: ProposalKind, who: str = "reviewer") -> Receipt:
    command = ProposeForCustomer(
        str(uuid.uuid4()),
        world.book.customer_id,
        world.book.people[who],
        kind,
        {"evidence": "经核实发票系伪造"},
        "虚假材料",
    )
    return await world.process.propose_for_customer(command)


async def decided(
    world: World, made: Receipt, who: str, approve: bool = True, comment: str = ""
) -> Receipt:
    command = DecideProposal(
        str(uuid.uuid4()),
        world.book.customer_id,
        world.book.people[who],
        UUID(made.params["proposal"]),
        approve,
        comment,
    )
    return await world.process.decide_proposal(command)


async def standing(world: World) -> str:
    async with world.book.database.reading() as session:
        return (await session.get_one(Customer, world.book.customer_id)).standing


async def actions(world: World) -> list[str]:
    rows = await world.book.all_of(AuditEvent)
    return [row.action for row in rows if row.subject == str(world.book.customer_id)]


async def test_a_lock_takes_effect_when_another_person_approves_it(world: World) -> None:
    made = await proposed(world, ProposalKind.LOCK)
    assert made.accepted
    assert await standing(world) == LendingStanding.OPEN
    assert (await decided(world, made, "risk")).accepted
    assert await standing(world) == LendingStanding.LOCKED
    assert await actions(world) == ["proposal.made", "customer.locked", "proposal.approved"]


async def test_nobody_decides_what_they_proposed_also_under_another_account(world: World) -> None:
    made = await proposed(world, ProposalKind.STOP_LENDING, "risk")
    assert (await decided(world, made, "risk")).code == "proposal.own"
    world.book.people["risk-again"] = await world.book.second_account("risk", Role.APPROVER)
    assert (await decided(world, made, "risk-again")).code == "proposal.own"
    assert await standing(world) == LendingStanding.OPEN


async def test_whoever_lacks_the_role_neither_proposes_nor_decides(world: World) -> None:
    assert (await proposed(world, ProposalKind.LOCK, "manager")).code == "duty.role"
    made = await proposed(world, ProposalKind.LOCK)
    assert (await decided(world, made, "manager")).code == "duty.role"
    await world.book.stripped("risk")
    assert (await decided(world, made, "risk")).code == "duty.role"


async def test_a_rejection_says_why_and_changes_nothing(world: World) -> None:
    made = await proposed(world, ProposalKind.LOCK)
    assert (await decided(world, made, "risk", approve=False)).code == "proposal.comment"
    assert (await decided(world, made, "risk", approve=False, comment="证据不足")).accepted
    assert await standing(world) == LendingStanding.OPEN
    assert (await decided(world, made, "approver")).code == "proposal.decided"


async def test_only_the_proposer_takes_a_proposal_back(world: World) -> None:
    made = await proposed(world, ProposalKind.LOCK)
    proposal_id = UUID(made.params["proposal"])

    async def taken_back(who: str) -> Receipt:
        people, customer = world.book.people, world.book.customer_id
        command = WithdrawProposal(str(uuid.uuid4()), customer, people[who], proposal_id)
        return await world.process.withdraw_proposal(command)

    assert (await taken_back("risk")).code == "proposal.not_own"
    assert (await taken_back("reviewer")).accepted
    assert (await decided(world, made, "risk")).code == "proposal.decided"


async def test_the_same_command_is_one_proposal(world: World) -> None:
    command = ProposeForCustomer(
        "the-same-key",
        world.book.customer_id,
        world.book.people["reviewer"],
        ProposalKind.LOCK,
        {"evidence": "同一"},
        "同一",
    )
    first = await world.process.propose_for_customer(command)
    assert await world.process.propose_for_customer(command) == first
    assert len(await world.book.all_of(CustomerProposal)) == 1


async def test_letting_go_needs_an_approver(world: World) -> None:
    locked = await proposed(world, ProposalKind.LOCK)
    assert (await decided(world, locked, "risk")).accepted
    assert (await proposed(world, ProposalKind.LOCK)).code == "customer.standing_already"
    freed = await proposed(world, ProposalKind.UNLOCK)
    assert (await decided(world, freed, "risk")).code == "duty.role"
    assert (await decided(world, freed, "approver")).accepted
    assert await standing(world) == LendingStanding.OPEN


async def test_due_work_is_carried_out_at_its_instant_and_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[Work] = []

    async def worker(_session: object, _customer: UUID, work: Work, _at: object) -> str:
        done.append(work)
        return "seen"

    monkeypatch.setitem(customer_effects.WORKERS, WorkKind.WATCH, worker)
    customer, now = world.book.customer_id, await world.now()
    async with world.book.database.transaction() as session:
        await add_work(session, customer, WorkKind.WATCH, "now", now)
        await add_work(session, customer, WorkKind.WATCH, "now", now)
        await add_work(session, customer, WorkKind.WATCH, "later", now, now + timedelta(days=30))
    await world.process.look_at_customer(customer)
    await world.until(lambda: finished(world, 1))
    await world.skip(timedelta(days=31))
    await world.until(lambda: finished(world, 2))
    assert [work.cause for work in done] == ["now", "later"]
    handle = world.client.get_workflow_handle(customer_workflow_id(customer))
    replayer = Replayer(
        workflows=product.WORKFLOWS,
        data_converter=product.data_converter(),
        workflow_runner=product.workflow_runner(),
    )
    await replayer.replay_workflow(await handle.fetch_history())


async def finished(world: World, count: int) -> bool:
    rows = await world.book.all_of(CustomerWork)
    return sum(row.done_at is not None for row in rows) == count
