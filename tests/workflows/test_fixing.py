"""A fixing is decided by another person and brought to every loan that follows it."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from domain.commands import Receipt
from domain.people import Role
from domain.rates import DecideFixing
from persistence.clock import business_date
from persistence.rates import ProposedFixing, propose_fixing
from persistence.tables import RateFixing
from tests.workflows.test_account_of_a_loan import tied_out
from tests.workflows.test_repayment import on_day
from tests.workflows.test_repricing import AFTER, floating_loan, resets
from tests.workflows.world import World
from workflows.commands import fixing_workflow_id


async def proposed(world: World, days_ago: int) -> tuple[UUID, date]:
    now = await world.now()
    async with world.book.database.transaction() as session:
        on = await business_date(session, now) - timedelta(days=days_ago)
        asked = ProposedFixing(
            index="LPR_1Y",
            published_on=on,
            effective_on=on,
            yearly_rate=Decimal("0.025"),
            source="announcement",
        )
        return await propose_fixing(session, asked, world.book.people["risk"], now), on


async def decided(world: World, fixing: UUID, who: str, *, approve: bool = True) -> Receipt:
    actor = world.book.people[who]
    command = DecideFixing(str(uuid.uuid4()), fixing, actor, approve)
    return await world.process.decide_fixing(command)


async def test_a_back_dated_fixing_reprices_the_loans_once_another_approves_it(
    world: World,
) -> None:
    loan_id = await floating_loan(world)
    await on_day(world, loan_id, 4)
    before = await resets(world, loan_id)
    fixing, _ = await proposed(world, 40)
    await world.book.hired("risk2", Role.RISK_OFFICER)

    own = await decided(world, fixing, "risk")
    assert (own.accepted, own.code) == (False, "rate.own_proposal")
    assert (await decided(world, fixing, "risk2")).accepted
    handle = world.client.get_workflow_handle(fixing_workflow_id(fixing))
    assert await handle.result() == 1
    assert (await resets(world, loan_id))[len(before) :] == [(before[-1][0], AFTER)]
    await tied_out(world, loan_id)

    assert (await decided(world, fixing, "risk2")).accepted, "the same verdict again is no other"
    assert await world.client.get_workflow_handle(fixing_workflow_id(fixing)).result() == 0
    other = await decided(world, fixing, "risk2", approve=False)
    assert (other.accepted, other.code) == (False, "rate.decided")


async def test_a_rejected_fixing_touches_no_loan(world: World) -> None:
    fixing, _ = await proposed(world, 1)
    await world.book.hired("risk2", Role.RISK_OFFICER)
    assert (await decided(world, fixing, "risk2", approve=False)).accepted
    assert await world.client.get_workflow_handle(fixing_workflow_id(fixing)).result() == 0
    async with world.book.database.reading() as session:
        assert (await session.get_one(RateFixing, fixing)).status == "rejected"
