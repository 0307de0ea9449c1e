"""The customer may withdraw until the money is on its way, at whatever moment that is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from domain.process import CaseStatus, Stage, Verdict
from persistence.tables import Envelope, Payout
from tests.workflows.test_deadlines import _at_approval, _at_contract, _at_review, _at_supplement
from tests.workflows.world import World


async def _at_authorisation(world: World) -> UUID:
    loan_id = await world.opened()
    await world.sent(loan_id, "authorisation")
    return loan_id


async def _at_release(world: World) -> UUID:
    return await world.to_release()


async def _at_recheck(world: World) -> UUID:
    loan_id = await world.to_release()
    assert (await world.released(loan_id, "ops1", "release_review")).accepted
    return loan_id


STAGES: dict[str, Callable[[World], Awaitable[UUID]]] = {
    "authorisation": _at_authorisation,
    "review": _at_review,
    "approval": _at_approval,
    "supplement": _at_supplement,
    "contract": _at_contract,
    "release": _at_release,
    "recheck": _at_recheck,
}


@pytest.mark.parametrize("stage", STAGES)
async def test_a_customer_withdraws_at_any_stage_before_the_money(world: World, stage: str) -> None:
    loan_id = await STAGES[stage](world)
    assert (await world.withdrawn(loan_id, "reviewer")).code == "duty.role"
    assert (await world.withdrawn(loan_id)).accepted
    end = await world.end_of(loan_id)
    loan = await world.book.loan(loan_id)
    assert (end.status, loan.status) == (CaseStatus.WITHDRAWN, CaseStatus.WITHDRAWN)
    assert loan.version == end.version
    await _nothing_hangs_on(world, loan_id)
    assert (await world.withdrawn(loan_id)).code == "case.closed"
    assert (await world.submitted(loan_id)).code == "case.closed"


async def test_a_withdrawal_while_the_sources_are_asked_ends_the_case(world: World) -> None:
    world.sources.down.add("tax")
    loan_id = await world.opened()
    await world.signed(loan_id, "authorisation")
    await world.at_stage(loan_id, Stage.DATA_COLLECTION)
    assert (await world.withdrawn(loan_id)).accepted
    end = await world.end_of(loan_id)
    loan = await world.book.loan(loan_id)
    assert end.status == loan.status == CaseStatus.WITHDRAWN
    assert (loan.version, loan.grade) == (end.version, None)
    await _nothing_hangs_on(world, loan_id)


async def test_once_the_payout_is_decided_it_is_too_late(world: World) -> None:
    world.rail.settles_at_once = False
    loan_id = await world.to_release()
    await world.both_release(loan_id)
    await world.at_stage(loan_id, Stage.PAYOUT)
    assert (await world.withdrawn(loan_id)).code == "withdraw.too_late"


async def test_the_last_signature_and_the_withdrawal_at_once_have_one_winner(world: World) -> None:
    loan_id = await world.to_release()
    assert (await world.released(loan_id, "ops1", "release_review")).accepted
    last = await world.release_of(loan_id, "ops2", "release_recheck")
    signed, withdrawn = await asyncio.gather(world.process.release(last), world.withdrawn(loan_id))
    payouts = await world.book.all_of(Payout, loan_id)
    if withdrawn.accepted:
        assert (await world.ended(loan_id)).status == CaseStatus.WITHDRAWN
        assert (payouts, world.rail.pay_calls) == ([], [])
    else:
        assert signed.accepted
        await world.at_stage(loan_id, Stage.REPAYMENT)
        assert len(world.rail.pay_calls) == 1


async def test_acts_on_a_closed_case_are_told_so(world: World) -> None:
    loan_id = await world.referred()
    opinion = await world.opinion(loan_id, world.book.people["reviewer"], Stage.REVIEW)
    await world.decided(loan_id, "reviewer", Stage.REVIEW, Verdict.DECLINE)
    await world.end_of(loan_id)
    assert (await world.process.decide(opinion)).code == "case.closed"
    assert (await world.extended(loan_id, 3)).code == "case.closed"
    assert (await world.withdrawn(loan_id)).code == "case.closed"


async def _nothing_hangs_on(world: World, loan_id: UUID) -> None:
    assert await world.book.open_tasks(loan_id) == []
    assert "sent" not in {row.status for row in await world.book.all_of(Envelope, loan_id)}
    assert world.rail.pay_calls == []
