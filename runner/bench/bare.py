"""The bare engine: a workflow with a loan's durable steps and nothing in them.

It is what the ratio is measured against: same server, same number of local activities, activities,
updates and signals in the same order, in a worker process of its own as the product has one.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker

LOCAL, CALL, UPDATE, SIGNAL = "local", "call", "update", "signal"
READY = "ready"
_STEP_SECONDS = timedelta(seconds=20)
_WAIT = timedelta(hours=1)


@activity.defn
async def bare_step() -> None:
    """A durable step that does nothing."""


@workflow.defn
class BareWorkflow:
    """Walks a plan of durable steps."""

    def __init__(self) -> None:
        self._asked = self._answered = self._heard = 0

    @workflow.run
    async def run(self, plan: list[str]) -> None:
        """Take the steps in order; calls that follow each other go out together."""
        calls: list[workflow.ActivityHandle[None]] = []
        for step in plan:
            if step == CALL:
                calls.append(
                    workflow.start_activity(bare_step, start_to_close_timeout=_STEP_SECONDS)
                )
                continue
            await asyncio.gather(*calls)
            calls.clear()
            await self._take(step)
        await asyncio.gather(*calls)
        await workflow.wait_condition(workflow.all_handlers_finished)

    async def _take(self, step: str) -> None:
        if step == LOCAL:
            await workflow.execute_local_activity(bare_step, start_to_close_timeout=_STEP_SECONDS)
        elif step == UPDATE:
            await workflow.wait_condition(lambda: self._asked > self._answered, timeout=_WAIT)
            self._answered += 1
        else:
            await workflow.wait_condition(lambda: self._heard > 0, timeout=_WAIT)
            self._heard -= 1

    @workflow.update
    async def ask(self) -> None:
        """Answered once the plan has come to it."""
        self._asked += 1
        mine = self._asked
        await workflow.wait_condition(lambda: self._answered >= mine)

    @workflow.signal
    def hear(self) -> None:
        """A knock."""
        self._heard += 1


async def main(target: str, namespace: str, task_queue: str) -> None:
    """Work until killed; say so once the worker polls."""
    client = await Client.connect(target, namespace=namespace)
    async with Worker(
        client, task_queue=task_queue, workflows=[BareWorkflow], activities=[bare_step]
    ):
        sys.stdout.write(f"{READY}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
