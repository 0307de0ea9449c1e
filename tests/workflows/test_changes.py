"""Changes of a running loan: four eyes, staleness, and timers that follow the new schedule."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain.accounts.events import PrepaymentChoice
from domain.changes import Change, ChangeKind
from domain.changes.commands import DecideChange, ProposeChange, WithdrawChange
from domain.commands import Receipt
from domain.people import Actor
from domain.process import CaseStatus
from persistence.changes import preview_change
from persistence.clock import business_date
from persistence.stages import locked_loan
from persistence.tables import AccountEvent, ChangeRequest
from persistence.tables import Receipt as ReceiptRow
from tests.workflows.test_repayment import instalments, on_day
from tests.workflows.world import World

LOWER = Decimal("0.035")


async def proposal(world: World, loan_id: UUID, kind: ChangeKind, **figures: Any) -> Change:
    async with world.book.database.reading() as session:
        today = await business_date(session, await world.now())
    return replace(Change(kind=kind, effective_on=today), **figures)


async def seen(world: World, loan_id: UUID, change: Change) -> int:
    async with world.book.database.reading() as session:
        loan = await locked_loan(session, loan_id)
        return (await preview_change(session, loan, change, await world.now())).seen_events


async def proposed(world: World, loan_id: UUID, change: Change, who: str = "manager") -> UUID:
    command = ProposeChange(
        str(uuid.uuid4()),
        loan_id,
        world.book.people[who],
        change,
        "客户申请",
        await seen(world, loan_id, change),
    )
    receipt = await world.process.propose_change(command)
    assert receipt.accepted, receipt
    assert await world.process.propose_change(command) == receipt
    rows: list[ChangeRequest] = await world.book.all_of(ChangeRequest, loan_id)
    return max(rows, key=lambda row: row.proposed_at).id


async def seen_after(world: World, loan_id: UUID, change: Change, events: int) -> int:
    """What a person sees once something more has happened to the account."""
    while (now := await seen(world, loan_id, change)) == events:  # noqa: ASYNC110 # rows tell nobody
        await asyncio.sleep(0.05)
    return now


async def decided(
    world: World, loan_id: UUID, change_id: UUID, who: Actor, events: int, *, approve: bool = True
) -> Receipt:
    comment = "" if approve else "理由不足"
    command = DecideChange(str(uuid.uuid4()), loan_id, who, change_id, approve, comment, events)
    return await world.process.decide_change(command)


async def changed(world: World, loan_id: UUID, kind: ChangeKind, **figures: Any) -> None:
    """A change that the manager proposes today and an approver approves at once."""
    change = await proposal(world, loan_id, kind, **figures)
    change_id = await proposed(world, loan_id, change)
    events = await seen(world, loan_id, change)
    who = world.book.people["approver"]
    assert (await decided(world, loan_id, change_id, who, events)).accepted


async def status_of(world: World, loan_id: UUID) -> str:
    status: str = (await world.book.all_of(ChangeRequest, loan_id))[-1].status
    return status


async def test_a_payoff_proposed_by_one_and_approved_by_another_ends_the_loan(
    world: World,
) -> None:
    world.rail.debited = world.honoured
    loan_id = await world.in_repayment()
    await on_day(world, loan_id, 1, days=2)
    change = await proposal(world, loan_id, ChangeKind.PAYOFF)
    change_id = await proposed(world, loan_id, change)
    events = await seen(world, loan_id, change)
    people = world.book.people
    own = await decided(world, loan_id, change_id, people["manager"], events)
    assert (own.accepted, own.code) == (False, "duty.role")
    stale = await decided(world, loan_id, change_id, people["approver"], events - 1)
    assert (stale.accepted, stale.code) == (False, "stale.account")
    assert (await world.book.loan(loan_id)).outstanding > 0, "nothing happens before approval"
    early = await decided(world, loan_id, change_id, people["approver"], events)
    assert (early.accepted, early.code) == (False, "change.money_not_here")
    assert (await world.book.loan(loan_id)).outstanding > 0, "no debt ends without money"
    debt = (await world.book.loan(loan_id)).outstanding
    await world.paid(loan_id, "1300000.00", "payoff-1")
    events = await seen_after(world, loan_id, change, events)
    assert (await decided(world, loan_id, change_id, people["approver"], events)).accepted
    assert (await world.end_of(loan_id)).status == CaseStatus.SETTLED
    assert (await world.book.loan(loan_id)).outstanding == Decimal(0)
    assert await status_of(world, loan_id) == "applied"
    assert await world.book.audited(loan_id, "change.applied") == 1
    rows = await world.book.all_of(ReceiptRow, loan_id)
    [money] = [row for row in rows if row.transaction_id == "payoff-1"]
    assert 0 < money.refund_pending < Decimal("1300000.00") - debt, "what paid is not given back"
    assert money.posted + money.refund_pending == money.amount


async def test_a_part_prepayment_takes_its_money_from_the_receipt_that_held_it(
    world: World,
) -> None:
    loan_id = await world.in_repayment()
    await world.paid(loan_id, "300000.00", "prepaid-1")
    figures = {"amount": Decimal("200000.00"), "choice": PrepaymentChoice.KEEP_INSTALMENT}
    change = await proposal(world, loan_id, ChangeKind.PREPAYMENT, **figures)
    events = await seen_after(world, loan_id, change, 1)
    change_id = await proposed(world, loan_id, change)
    debt, rows = (await world.book.loan(loan_id)).outstanding, await instalments(world, loan_id)
    boss = world.book.people["approver"]
    assert (await decided(world, loan_id, change_id, boss, events)).accepted
    assert (await world.book.loan(loan_id)).outstanding == debt - Decimal("200000.00")
    assert len(await instalments(world, loan_id)) < len(rows) + 1, "the term is shorter"
    [money] = await world.book.all_of(ReceiptRow, loan_id)
    assert money.posted >= Decimal("200000.00")
    assert money.posted + money.suspense == money.amount


async def test_an_extension_needs_two_and_the_timers_follow_it(world: World) -> None:
    world.rail.debited = world.honoured
    loan_id = await world.in_repayment()
    change = await proposal(world, loan_id, ChangeKind.EXTENSION, instalments=2)
    change_id = await proposed(world, loan_id, change)
    events = await seen(world, loan_id, change)
    people = world.book.people
    assert (await decided(world, loan_id, change_id, people["approver"], events)).accepted
    again = await decided(world, loan_id, change_id, people["approver"], events)
    assert again.code == "duty.approved_before"
    assert len(await instalments(world, loan_id)) == 12
    second = people["risk"]
    assert (await decided(world, loan_id, change_id, second, events)).accepted
    assert len(await instalments(world, loan_id)) == 14
    assert (await world.end_of(loan_id)).status == CaseStatus.SETTLED
    assert [debit.instalment_n for debit in world.rail.collections] == list(range(1, 15))


@pytest.mark.parametrize("end", ["rejected", "withdrawn", "lapsed"])
async def test_a_change_that_is_not_approved_changes_nothing(world: World, end: str) -> None:
    loan_id = await world.in_repayment()
    figures = {"amount": Decimal(1000), "choice": PrepaymentChoice.KEEP_TERM}
    change = await proposal(world, loan_id, ChangeKind.PREPAYMENT, **figures)
    change_id = await proposed(world, loan_id, change)
    events, people = await seen(world, loan_id, change), world.book.people
    if end == "rejected":
        receipt = await decided(
            world, loan_id, change_id, people["approver"], events, approve=False
        )
        assert receipt.accepted
    if end == "withdrawn":
        back = WithdrawChange(str(uuid.uuid4()), loan_id, people["manager"], change_id)
        assert (await world.process.withdraw_change(back)).accepted
    if end == "lapsed":
        await world.skip(timedelta(days=20))
    late = await decided(world, loan_id, change_id, people["approver"], events)
    assert late.code == ("change.lapsed" if end == "lapsed" else "change.not_open")
    kinds = {row.kind for row in await world.book.all_of(AccountEvent, loan_id)}
    assert "prepayment" not in kinds


async def test_after_a_proposal_lapsed_a_new_one_may_be_approved(world: World) -> None:
    world.rail.debited = world.honoured
    loan_id = await world.in_repayment()
    approver = world.book.people["approver"]
    change = await proposal(world, loan_id, ChangeKind.RATE_CHANGE, yearly_rate=LOWER)
    lapsed = await proposed(world, loan_id, change)
    [request] = await world.book.all_of(ChangeRequest, loan_id)
    await world.skip(request.lapses_at - await world.now() + timedelta(minutes=1))
    events = await seen(world, loan_id, change)
    late = await decided(world, loan_id, lapsed, approver, events)
    assert (late.accepted, late.code) == (False, "change.lapsed")
    assert await world.book.audited(loan_id, "change.applied") == 0

    await changed(world, loan_id, ChangeKind.RATE_CHANGE, yearly_rate=LOWER)
    assert await world.book.audited(loan_id, "change.applied") == 1
