"""Money that finds its loan, leaves it, or goes back: on the engine, by people's own commands."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from temporalio.testing import ActivityEnvironment

from activities.inbox import InboxActivities
from activities.steps import Step
from domain.commands import Receipt as Answer
from domain.refunds import DecideRefund, MatchReceipt, Payee, ProposeRefund, ReverseReceipt
from persistence.suspense import preview_match, preview_reversal
from persistence.tables import Receipt, Refund
from tests.workflows.test_repayment import instalments
from tests.workflows.world import World

PAYEE = Payee("苏州精密机械有限公司", "6222020200112233445")


async def held(world: World, number: str = "TX-1", amount: str = "500.00") -> UUID:
    now = await world.now()
    await world.book.pay_in(None, amount, now, number)
    # by hand, as the engine would let months pass while it waits for a sweep
    step = Step(UUID(int=0), now + timedelta(seconds=30), 0)
    await ActivityEnvironment().run(InboxActivities(world.book.database).sweep_inbox, step)
    rows = await world.book.all_of(Receipt)
    found: UUID = next(row.id for row in rows if row.transaction_id == number)
    return found


async def matched(world: World, loan_id: UUID, receipt_id: UUID) -> Answer:
    async with world.book.database.reading() as session:
        shown = await preview_match(session, loan_id, receipt_id, await world.now())
    actor = world.book.people["ops1"]
    command = MatchReceipt(str(uuid.uuid4()), loan_id, actor, receipt_id, shown.seen_events)
    return await world.process.match_receipt(command)


async def proposed(world: World, receipt_id: UUID) -> UUID:
    refund_id, actor = uuid.uuid4(), world.book.people["ops1"]
    command = ProposeRefund(str(uuid.uuid4()), refund_id, actor, receipt_id, PAYEE, "unknown")
    for _ in range(2):
        assert (await world.process.propose_refund(command)).accepted
    return refund_id


async def decided(world: World, refund_id: UUID, who: str, *, approve: bool = True) -> Answer:
    actor = world.book.people[who]
    command = DecideRefund(str(uuid.uuid4()), refund_id, actor, approve, "no")
    return await world.process.decide_refund(command)


async def ended(world: World, refund_id: UUID) -> str:
    handle = world.client.get_workflow_handle(f"refund/{refund_id}", result_type=str)
    async with world.engine.time_skipping_unlocked():  # type: ignore[attr-defined]
        end: str = await handle.result()
    return end


async def test_held_money_that_settles_a_loan_closes_it(world: World) -> None:
    loan_id = await world.in_repayment(tenor_months="1")
    [only] = await instalments(world, loan_id)
    receipt_id = await held(world, amount=str(only.principal + only.interest))
    answer = await matched(world, loan_id, receipt_id)
    assert answer.accepted, answer
    assert (await world.end_of(loan_id)).reason == "repaid_in_full"


async def test_a_receipt_taken_out_of_a_loan_is_held_again(world: World) -> None:
    loan_id = await world.in_repayment()
    receipt_id = await held(world)
    assert (await matched(world, loan_id, receipt_id)).accepted
    async with world.book.database.reading() as session:
        shown = await preview_reversal(session, loan_id, receipt_id, await world.now())
    actor = world.book.people["ops2"]
    key = str(uuid.uuid4())
    command = ReverseReceipt(key, loan_id, actor, receipt_id, "wrong borrower", shown.seen_events)
    for _ in range(2):
        assert (await world.process.reverse_receipt(command)).accepted
    [receipt] = await world.book.all_of(Receipt)
    assert (receipt.suspense, receipt.suspense_reason) == (Decimal(500), "unposted")


async def test_a_match_to_a_closed_or_unknown_loan_is_refused(world: World) -> None:
    receipt_id = await held(world)
    actor = world.book.people["ops1"]
    command = MatchReceipt("c", uuid.uuid4(), actor, receipt_id, 1)
    assert (await world.process.match_receipt(command)).code == "case.closed"


async def test_a_refund_by_two_persons_leaves_once_though_the_reply_was_lost(
    world: World,
) -> None:
    world.rail.lost_replies = 7  # more than all attempts of one step
    receipt_id = await held(world)
    refund_id = await proposed(world, receipt_id)
    assert (await decided(world, refund_id, "ops1")).code == "duty.own_proposal"
    assert (await decided(world, refund_id, "approver")).code == "duty.role"
    assert (await decided(world, refund_id, "ops2")).accepted
    assert await ended(world, refund_id) == "settled"
    assert len([key for key in world.rail.payments if key.startswith("refund:")]) == 1
    [receipt] = await world.book.all_of(Receipt)
    assert receipt.returned == 500
    assert await world.book.incidents() == []


async def test_a_rejected_refund_ends_and_may_be_proposed_again(world: World) -> None:
    receipt_id = await held(world)
    first = await proposed(world, receipt_id)
    assert (await decided(world, first, "ops2", approve=False)).accepted
    assert await ended(world, first) == "rejected"
    assert (await decided(world, first, "ops2")).code == "refund.not_open"
    second = await proposed(world, receipt_id)
    assert (await decided(world, second, "ops2")).accepted
    assert await ended(world, second) == "settled"
    statuses = sorted(row.status for row in await world.book.all_of(Refund))
    assert statuses == ["rejected", "settled"]


async def test_a_refund_the_rail_settles_later_is_asked_for_and_ends(world: World) -> None:
    world.rail.settles_at_once = False
    receipt_id = await held(world)
    refund_id = await proposed(world, receipt_id)
    assert (await decided(world, refund_id, "ops2")).accepted
    key = f"refund:{refund_id}"

    async def sent() -> bool:
        return key in world.rail.payments

    await world.until(sent)
    world.rail.settled(key)
    assert await ended(world, refund_id) == "settled"
