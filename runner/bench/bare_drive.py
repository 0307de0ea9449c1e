"""Drives the bare workflow as the journeys drive loans."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import uuid4

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHistory

from runner.bench import bare
from runner.bench.journeys import AT_ONCE
from runner.refusal import StartRefused

TASK_QUEUE = "bare"
_LOCAL_MARKER = "core_local_activity"
_KINDS = {
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED: bare.CALL,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED: bare.UPDATE,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED: bare.SIGNAL,
}


def plan_of(history: WorkflowHistory) -> list[str]:
    """The durable steps of a recorded loan, in their order."""
    plan = []
    for event in history.events:
        marker = event.marker_recorded_event_attributes.marker_name
        if marker == _LOCAL_MARKER:
            plan.append(bare.LOCAL)
        elif event.event_type in _KINDS:
            plan.append(_KINDS[event.event_type])
    return plan


async def run_all(client: Client, plan: Sequence[str], count: int) -> float:
    """Run the plan `count` times, as many at once as loans were; the seconds it took."""
    limit = asyncio.Semaphore(AT_ONCE)

    async def one() -> None:
        async with limit:
            await _run(client, plan)

    async with _worker(client):
        began = time.monotonic()
        await asyncio.gather(*(one() for _ in range(count)))
        return time.monotonic() - began


async def _run(client: Client, plan: Sequence[str]) -> None:
    handle = await client.start_workflow(
        bare.BareWorkflow.run, list(plan), id=f"bare/{uuid4()}", task_queue=TASK_QUEUE
    )
    for step in plan:
        if step == bare.UPDATE:
            await handle.execute_update(bare.BareWorkflow.ask)
        elif step == bare.SIGNAL:
            await handle.signal(bare.BareWorkflow.hear)
    await handle.result()


@asynccontextmanager
async def _worker(client: Client) -> AsyncIterator[None]:
    target = client.service_client.config.target_host
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", bare.__name__, target, client.namespace, TASK_QUEUE),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        said = await process.stdout.readline() if process.stdout else b""
        if said.decode().strip() != bare.READY:
            raise StartRefused("The worker of the bare workflow did not start.")
        yield
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
