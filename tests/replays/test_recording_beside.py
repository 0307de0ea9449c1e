"""Walks the processes beside a loan's own (fixing, calendar, refund, day end); stored on demand.

As in `test_recording`: a stored history is never overwritten.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

import worker as product
from domain.customers import ProposalKind
from domain.people import Role
from tests.persistence.note_book import START
from tests.persistence.note_book import opened as opened_notes
from tests.replays.test_recording import RECORDING, WHO_RAN, world
from tests.replays.test_stored_histories import STORED
from tests.workflows import test_calendar as calendar
from tests.workflows import test_customer_verification as verification
from tests.workflows import test_fixing as fixing
from tests.workflows import test_money_in as money_in
from tests.workflows.test_repayment import on_day
from tests.workflows.test_repricing import floating_loan
from tests.workflows.world import QUEUE, World
from workflows.commands import (
    calendar_workflow_id,
    customer_workflow_id,
    fixing_workflow_id,
    refund_workflow_id,
)
from workflows.day_end import DayEndWorkflow

__all__ = ["world"]  # the fixture of the other file, a fresh world for each path


async def _fixing(world: World) -> str:
    loan_id = await floating_loan(world, tenor_months="4")
    await on_day(world, loan_id, 1)
    wanted, _ = await fixing.proposed(world, 20)
    await world.book.hired("risk2", Role.RISK_OFFICER)
    assert (await fixing.decided(world, wanted, "risk2")).accepted
    return fixing_workflow_id(wanted)


async def _calendar(world: World) -> str:
    version = await calendar.proposed(world, date(2031, 3, 3))
    await world.book.hired("risk2", Role.RISK_OFFICER)
    assert (await calendar.decided(world, version, "risk2")).accepted
    return calendar_workflow_id(version)


async def _refund(world: World) -> str:
    receipt_id = await money_in.held(world)
    refund_id = await money_in.proposed(world, receipt_id)
    assert (await money_in.decided(world, refund_id, "ops2")).accepted
    assert await money_in.ended(world, refund_id) == "settled"
    return refund_workflow_id(refund_id)


async def _day_end(world: World) -> str:
    await opened_notes(world.book.database)
    identifier = "day-end/recorded"
    await world.client.execute_workflow(
        DayEndWorkflow.run, args=[START], id=identifier, task_queue=QUEUE
    )
    return identifier


async def _verified(world: World) -> str:
    """A source is late and comes in, and a hit is disposed of."""
    world.sources.down.add("tax")
    world.sources.adverse["registry"] = {"penalties": "1"}
    await verification.asked(world)
    await world.until(lambda: verification.failure(world, "tax", "unreachable"))
    await world.skip(timedelta(seconds=25))
    row = await verification.closed(world)
    world.sources.down.clear()
    await world.skip(timedelta(minutes=30))
    said = verification.disposition(row.id, "penalties", "registry", "explained")
    made = await verification.proposed(world, ProposalKind.DISPOSITION, said)
    assert (await verification.decided(world, made, "risk")).accepted
    return customer_workflow_id(world.book.customer_id)


WALKS: tuple[Callable[[World], Awaitable[str]], ...] = (
    _fixing,
    _calendar,
    _refund,
    _day_end,
    _verified,
)


async def _history(world: World, identifier: str) -> WorkflowHistory:
    handle = world.client.get_workflow_handle(identifier)
    if not identifier.startswith("customer/"):  # a customer's process never ends by itself
        await handle.result()
    return await handle.fetch_history()


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__.strip("_"))
async def test_what_a_walk_leaves_replays(
    world: World, walk: Callable[[World], Awaitable[str]]
) -> None:
    history = await _history(world, await walk(world))
    replayer = Replayer(
        workflows=list(product.WORKFLOWS),
        workflow_runner=product.workflow_runner(),
        data_converter=product.data_converter(),
    )
    await replayer.replay_workflow(history)
    target = STORED / f"{walk.__name__.strip('_')}-1.json"
    if os.environ.get(RECORDING) and not target.exists():
        nameless = WHO_RAN.sub('"identity": "worker"', history.to_json())
        target.write_text(nameless + "\n", encoding="utf-8")
