"""Walks each path of the road, replays what it left, and stores it on demand.

CORPLOAN_RECORD_HISTORIES=1 pytest tests/replays/test_recording.py writes the histories anew under
a path that has none yet; a stored history is never overwritten, as loans may still be on it.
Where no loan can be, as before a first release, remove the files of tests/fixtures/histories first.
"""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from temporalio.worker import Replayer

import worker as product
from domain.changes import ChangeKind
from domain.changes.commands import WithdrawChange
from domain.process import Stage, Verdict
from persistence.engine import Database
from persistence.tables import Receipt
from tests.replays.test_stored_histories import STORED
from tests.workflows import standings
from tests.workflows import test_changes as changes
from tests.workflows import test_later_drawdowns as drawdowns
from tests.workflows.test_repayment import on_day
from tests.workflows.test_repricing import floating_loan, resets
from tests.workflows.world import World, opened_world

WHO_RAN = re.compile(r'"identity": "[^"]*"')  # the engine writes down the machine's name
RECORDING = "CORPLOAN_RECORD_HISTORIES"


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    """A fresh world for one path."""
    async with opened_world(database, tmp_path / "histories") as opened:
        yield opened


async def _repaid(world: World) -> UUID:
    loan_id = await world.opened(tenor_months="2")
    world.rail.debited = world.honoured
    await world.to_repayment(loan_id)
    await world.end_of(loan_id)
    return loan_id


async def _referred_and_supplemented(world: World) -> UUID:
    loan_id = await world.referred()
    await world.decided(loan_id, "reviewer", Stage.REVIEW, Verdict.RETURN)
    await world.supplemented(loan_id)
    await world.decided(loan_id, "reviewer", Stage.REVIEW)
    await world.decided(loan_id, "approver", Stage.APPROVAL)
    await world.sent(loan_id, "contract")
    return loan_id


async def _declined(world: World) -> UUID:
    world.sources.adverse = {"courts": {"dishonest_debtor": "true"}}
    loan_id = await world.opened()
    await world.signed(loan_id, "authorisation")
    await world.ended(loan_id)
    return loan_id


async def _expired(world: World) -> UUID:
    loan_id = await world.opened()
    await world.sent(loan_id, "authorisation")
    await world.skip(timedelta(days=60))
    await world.ended(loan_id)
    return loan_id


async def _withdrawn(world: World) -> UUID:
    loan_id = await world.referred()
    assert (await world.withdrawn(loan_id)).accepted
    await world.ended(loan_id)
    return loan_id


async def _withdrawn_with_a_source_pending(world: World) -> UUID:
    loan_id = await world.without_answer_of("tax")
    assert (await world.extended(loan_id, 3)).accepted
    assert (await world.withdrawn(loan_id)).accepted
    await world.end_of(loan_id)
    return loan_id


async def _paid_late(world: World) -> UUID:
    world.rail.lost_replies, world.rail.silent_queries = 1, 8
    world.rail.debited = world.dishonoured
    loan_id = await world.to_release(tenor_months="1")
    await world.both_release(loan_id)
    await world.skip(timedelta(hours=1))
    await world.at_stage(loan_id, Stage.REPAYMENT)
    await on_day(world, loan_id, 1, days=9)
    await world.paid(loan_id, (await world.book.loan(loan_id)).amount * 2, "TX-late")
    await world.end_of(loan_id)
    return loan_id


async def _lost_reply(world: World) -> UUID:
    world.rail.lost_replies = 1
    loan_id = await world.opened()
    await world.to_repayment(loan_id)
    return loan_id


async def _changed(world: World) -> UUID:
    """A new rate by agreement, a payment holiday taken back, and paid off before its time."""
    loan_id = await world.in_repayment(tenor_months="6")
    await on_day(world, loan_id, 1, days=2)
    await changes.changed(world, loan_id, ChangeKind.RATE_CHANGE, yearly_rate=changes.LOWER)
    holiday = await changes.proposal(world, loan_id, ChangeKind.PAYMENT_HOLIDAY, instalments=1)
    taken_back = await changes.proposed(world, loan_id, holiday)
    manager = world.book.people["manager"]
    back = WithdrawChange(str(uuid4()), loan_id, manager, taken_back)
    assert (await world.process.withdraw_change(back)).accepted
    await on_day(world, loan_id, 2, days=2)
    await world.paid(loan_id, (await world.book.loan(loan_id)).amount * 2, "TX-payoff")
    await world.until(lambda: _held(world, loan_id))
    await changes.changed(world, loan_id, ChangeKind.PAYOFF)
    await world.end_of(loan_id)
    return loan_id


async def _held(world: World, loan_id: UUID) -> bool:
    return any(row.suspense for row in await world.book.all_of(Receipt, loan_id))


async def _repriced(world: World) -> UUID:
    loan_id = await floating_loan(world, tenor_months="4")
    await world.end_of(loan_id)
    assert await resets(world, loan_id)
    return loan_id


async def _drawn_in_parts(world: World) -> UUID:
    """A desk left open over an instalment, a rail that rejects one part and pays the next late.

    What is undrawn at the end of the availability period lapses.
    """
    loan_id = await drawdowns.in_parts(world, tenor_months="15", period_unit="quarter")
    await on_day(world, loan_id, 1, days=-1)
    assert (await drawdowns.asked(world, loan_id)).accepted
    assert (await drawdowns.signed(world, loan_id, "ops1", "release_review")).accepted
    await on_day(world, loan_id, 1, hours=12)
    world.rail.rejects = 1
    assert (await drawdowns.signed(world, loan_id, "ops2", "release_recheck")).accepted
    await drawdowns.ended(world, loan_id, "rejected")
    await on_day(world, loan_id, 2, days=-1)
    world.rail.lost_replies, world.rail.silent_queries = 1, 8
    assert (await drawdowns.asked(world, loan_id)).accepted
    await drawdowns.both_sign(world, loan_id, 3)
    await world.skip(timedelta(hours=1))
    await drawdowns.ended(world, loan_id, "settled", 3)
    await world.end_of(loan_id)
    return loan_id


async def _locked(world: World) -> UUID:
    """Locked on the second release officer's desk."""
    loan_id = await world.to_release()
    assert (await world.released(loan_id, "ops1", "release_review")).accepted
    await standings.locked(world)
    await world.ended(loan_id)
    return loan_id


async def _locked_while_asked(world: World) -> UUID:
    """Locked while the sources are asked: heard before the next step."""
    world.sources.down.add("courts")
    loan_id = await world.opened()
    await world.signed(loan_id, "authorisation")
    await world.at_stage(loan_id, Stage.DATA_COLLECTION)
    await standings.locked(world)
    await world.skip(timedelta(seconds=30))
    await world.ended(loan_id)
    return loan_id


async def _drawdown_blocked(world: World) -> UUID:
    """A later drawdown that left its desk because lending was stopped."""
    loan_id = await drawdowns.in_parts(world)
    assert (await drawdowns.asked(world, loan_id)).accepted
    assert (await drawdowns.signed(world, loan_id, "ops1", "release_review")).accepted
    await standings.stopped(world)
    await drawdowns.ended(world, loan_id, "refused")
    return loan_id


WALKS: tuple[Callable[[World], Awaitable[UUID]], ...] = (
    _repaid,
    _referred_and_supplemented,
    _declined,
    _expired,
    _withdrawn,
    _withdrawn_with_a_source_pending,
    _lost_reply,
    _paid_late,
    _changed,
    _repriced,
    _drawn_in_parts,
    _locked,
    _locked_while_asked,
    _drawdown_blocked,
)


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__.strip("_"))
async def test_what_a_walk_leaves_replays(
    world: World, walk: Callable[[World], Awaitable[UUID]]
) -> None:
    loan_id = await walk(world)
    replayer = Replayer(
        workflows=list(product.WORKFLOWS),
        workflow_runner=product.workflow_runner(),
        data_converter=product.data_converter(),
    )
    for number, history in enumerate(await world.runs(loan_id), start=1):
        await replayer.replay_workflow(history)
        target = STORED / f"{walk.__name__.strip('_')}-{number}.json"
        if os.environ.get(RECORDING) and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            nameless = WHO_RAN.sub('"identity": "worker"', history.to_json())
            target.write_text(nameless + "\n", encoding="utf-8")
