"""A customer the bank stopped lending to gets nothing more, wherever its cases stand."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.commands import Submit
from domain.process import CaseStatus, Stage, Verdict
from domain.violations import LoanRuleViolation
from integrations.failures import IntegrationUnavailable
from integrations.rail.messages import PaymentInstruction, PaymentState
from persistence import payouts
from persistence.drafts import create_draft
from persistence.tables import DecisionRow, Drawdown, Envelope, Payout
from tests.workflows.standings import let_go, locked, stopped
from tests.workflows.test_later_drawdowns import asked, ended, in_parts, signed, statuses
from tests.workflows.world import World


async def _payout_status(world: World, loan_id: UUID, number: int = 1) -> str:
    rows = await world.book.all_of(Payout, loan_id)
    return next((str(row.status) for row in rows if row.drawdown == number), "")


async def _until_payout(world: World, loan_id: UUID, status: str) -> None:
    async def reached() -> bool:
        return await _payout_status(world, loan_id) == status

    await world.until(reached)


@pytest.mark.parametrize(("act", "code"), [(stopped, "stopped"), (locked, "locked")])
async def test_no_draft_and_no_submission(
    world: World, act: Callable[[World], Awaitable[None]], code: str
) -> None:
    draft = await world.book.draft()
    await act(world)
    refused = await world.process.submit(
        Submit(str(uuid.uuid4()), draft, world.book.people["manager"])
    )
    assert refused.code == f"customer.{code}"
    assert await world.book.maybe_loan(draft) is None
    manager = world.book.people["manager"]
    with pytest.raises(LoanRuleViolation) as violation:
        async with world.book.database.transaction() as session:
            await create_draft(
                session, world.book.customer_id, manager, "TAX_MICRO", await world.now()
            )
    assert violation.value.code == f"customer.{code}"
    await let_go(world)
    assert (await world.submitted(draft)).accepted


async def test_the_engine_declines_where_lending_is_stopped(world: World) -> None:
    loan_id = await world.opened()
    await world.at_stage(loan_id, Stage.AUTHORISATION)
    await stopped(world)
    await world.signed(loan_id, "authorisation")
    loan = await world.ended(loan_id)
    assert (loan.status, loan.closed_reason) == (CaseStatus.DECLINED, "engine_declined")
    [engine] = await world.book.all_of(DecisionRow, loan_id)
    assert engine.reasons == ["lending_stopped", "meets_policy"]


async def test_nobody_approves_while_lending_is_stopped_but_a_no_is_taken(world: World) -> None:
    loan_id = await world.referred()
    await stopped(world)
    assert (await world.decided(loan_id, "reviewer", Stage.REVIEW)).code == "customer.stopped"
    assert await world.book.open_tasks(loan_id) == ["review"]
    declined = await world.decided(loan_id, "reviewer", Stage.REVIEW, Verdict.DECLINE)
    assert declined.accepted
    assert (await world.ended(loan_id)).status == CaseStatus.DECLINED


async def _authorising(world: World) -> UUID:
    loan_id = await world.opened()
    await world.at_stage(loan_id, Stage.AUTHORISATION)
    return loan_id


async def _supplementing(world: World) -> UUID:
    loan_id = await world.referred()
    assert (await world.decided(loan_id, "reviewer", Stage.REVIEW, Verdict.RETURN)).accepted
    return loan_id


async def _approving(world: World) -> UUID:
    loan_id = await world.referred()
    assert (await world.decided(loan_id, "reviewer", Stage.REVIEW)).accepted
    await world.at_stage(loan_id, Stage.APPROVAL)
    return loan_id


async def _contracting(world: World) -> UUID:
    loan_id = await world.opened()
    await world.signed(loan_id, "authorisation")
    await world.sent(loan_id, "contract")
    return loan_id


async def _rechecking(world: World) -> UUID:
    loan_id = await world.to_release()
    assert (await world.released(loan_id, "ops1", "release_review")).accepted
    return loan_id


@pytest.mark.parametrize(
    "waiting",
    [_authorising, World.referred, _supplementing, _approving, _contracting, _rechecking],
    ids=["authorisation", "review", "supplement", "approval", "contract", "release"],
)
async def test_a_lock_cancels_a_case_wherever_it_waits(
    world: World, waiting: Callable[[World], Awaitable[UUID]]
) -> None:
    loan_id = await waiting(world)
    await locked(world)
    loan = await world.ended(loan_id)
    assert (loan.status, loan.closed_reason) == (CaseStatus.CANCELLED, "customer_locked")
    assert await world.book.open_tasks(loan_id) == []
    envelopes = await world.book.all_of(Envelope, loan_id)
    assert "sent" not in {envelope.status for envelope in envelopes}
    await let_go(world)
    assert (await world.book.loan(loan_id)).status == CaseStatus.CANCELLED
    assert (await world.submitted(await world.book.draft())).accepted
    assert world.rail.pay_calls == []


async def test_a_lock_while_the_sources_are_asked_cancels_before_anything_is_decided(
    world: World,
) -> None:
    world.sources.down.add("courts")
    loan_id = await world.opened()
    await world.signed(loan_id, "authorisation")
    await world.at_stage(loan_id, Stage.DATA_COLLECTION)
    await locked(world)
    await world.skip(timedelta(seconds=30))
    loan = await world.ended(loan_id)
    assert (loan.status, loan.closed_reason) == (CaseStatus.CANCELLED, "customer_locked")
    assert await world.book.all_of(DecisionRow, loan_id) == []


async def test_no_release_officer_signs_while_lending_is_stopped(world: World) -> None:
    loan_id = await world.to_release()
    await stopped(world)
    refused = await world.released(loan_id, "ops1", "release_review")
    assert refused.code == "customer.stopped"
    await let_go(world)
    await world.both_release(loan_id)
    await world.at_stage(loan_id, Stage.REPAYMENT)


class _Gate:
    """Holds a payout back at the very moment before it is sent."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.arrived, self.open = asyncio.Event(), asyncio.Event()
        passed = payouts.mark_sent

        async def held(*args: Any) -> str | None:
            self.arrived.set()
            await self.open.wait()
            return await passed(*args)

        monkeypatch.setattr(payouts, "mark_sent", held)


async def test_a_lock_between_the_second_signature_and_the_sending_keeps_the_money(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = _Gate(monkeypatch)
    loan_id = await world.to_release()
    await world.both_release(loan_id)
    await asyncio.wait_for(gate.arrived.wait(), 20)
    await locked(world)
    gate.open.set()
    loan = await world.ended(loan_id)
    assert (loan.status, loan.closed_reason) == (CaseStatus.CANCELLED, "customer_locked")
    assert world.rail.pay_calls == []
    assert await _payout_status(world, loan_id) == "stopped"
    first = next(row for row in await world.book.all_of(Drawdown, loan_id) if row.number == 1)
    assert (first.status, first.stopped_for) == ("refused", "customer.locked")


async def test_a_stop_before_the_sending_sends_the_drawdown_back_to_its_officers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = _Gate(monkeypatch)
    loan_id = await world.to_release()
    await world.both_release(loan_id)
    await asyncio.wait_for(gate.arrived.wait(), 20)
    await stopped(world)
    gate.open.set()
    refused = await world.released(loan_id, "ops1", "release_review", 2)
    assert refused.code == "customer.stopped"
    await let_go(world)
    await world.both_release(loan_id, 2)
    await world.at_stage(loan_id, Stage.REPAYMENT)
    assert world.rail.pay_calls == [f"disb:{loan_id}:2"]


async def test_what_the_rail_may_have_heard_of_is_not_sent_again_to_a_locked_customer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost: list[str] = []
    pay = world.rail.pay

    async def unheard(instruction: PaymentInstruction) -> PaymentState:
        lost.append(instruction.key)
        if len(lost) == 1:
            await locked(world)
            raise IntegrationUnavailable("unreachable")
        return await pay(instruction)

    monkeypatch.setattr(world.rail, "pay", unheard)
    loan_id = await world.to_release()
    await world.both_release(loan_id)
    await _until_payout(world, loan_id, "unknown")
    await world.skip(timedelta(minutes=10))
    assert len(lost) == 1
    assert await world.book.incidents() == ["payout_unknown"]
    await let_go(world)
    await world.skip(timedelta(hours=2))
    await world.at_stage(loan_id, Stage.REPAYMENT)
    assert lost == [f"disb:{loan_id}:1"] * 2


async def test_money_that_is_out_is_repaid_as_agreed(world: World) -> None:
    world.rail.settles_at_once = False
    loan_id = await world.to_release()
    await world.both_release(loan_id)
    await _until_payout(world, loan_id, "accepted")
    await locked(world)
    world.rail.settled(f"disb:{loan_id}:1")
    await world.skip(timedelta(seconds=40))
    await world.at_stage(loan_id, Stage.REPAYMENT)
    assert (await world.end_of(loan_id)).status is CaseStatus.SETTLED


async def test_what_is_undrawn_of_a_running_loan_is_blocked(world: World) -> None:
    loan_id = await in_parts(world)
    assert (await asked(world, loan_id)).accepted
    assert (await signed(world, loan_id, "ops1", "release_review")).accepted
    await locked(world)
    await ended(world, loan_id, "refused")
    assert await world.book.open_tasks(loan_id) == []
    rows = await world.book.all_of(Drawdown, loan_id)
    assert [row.stopped_for for row in rows if row.number == 2] == ["customer.locked"]
    assert (await asked(world, loan_id)).code == "customer.locked"
    assert (await world.book.loan(loan_id)).status == CaseStatus.ACTIVE
    await let_go(world)
    assert (await asked(world, loan_id)).accepted
    assert (await statuses(world, loan_id))[3] == "requested"


async def test_a_lock_before_a_later_payout_is_sent_keeps_the_money(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    loan_id = await in_parts(world)
    gate = _Gate(monkeypatch)
    assert (await asked(world, loan_id)).accepted
    assert (await signed(world, loan_id, "ops1", "release_review")).accepted
    assert (await signed(world, loan_id, "ops2", "release_recheck")).accepted
    await asyncio.wait_for(gate.arrived.wait(), 20)
    await locked(world)
    gate.open.set()
    await ended(world, loan_id, "refused")
    assert world.rail.pay_calls == [f"disb:{loan_id}:1"]
    assert await _payout_status(world, loan_id, 2) == "stopped"
