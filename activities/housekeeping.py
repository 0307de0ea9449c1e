"""Housekeeping: waking loans whose call was lost, keeping the histories of closed runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from temporalio import activity

from activities.inbox import Strays
from activities.steps import Step
from persistence import history_exports
from persistence.anchors import AnchorFile, note_head
from persistence.customer_work import customers_with_due_work
from persistence.engine import Database

UNTOLD_AFTER = timedelta(seconds=15)
Wake = Callable[[UUID], Awaitable[None]]
History = tuple[str, bytes, int]  # run id, the history as JSON, its number of events
ClosedRuns = Callable[[UUID, frozenset[str]], Awaitable[list[History]]]


class HousekeepingActivities:
    """What keeps the book tidy. The engine's client is injected by the root as two functions."""

    def __init__(
        self,
        database: Database,
        wake: Wake,
        closed_runs: ClosedRuns,
        folder: Path,
        wake_customer: Wake,
    ) -> None:
        self._database = database
        self.wake = wake
        self._wake_customer = wake_customer
        self._closed_runs = closed_runs
        self._folder = folder
        self._anchors = AnchorFile(folder.with_name("anchors") / "audit.jsonl")

    @activity.defn
    async def wake_loans(self, strays: Strays) -> None:
        """Call the loans to look into their inbox."""
        for loan_id in strays.loan_ids:
            await self.wake(UUID(loan_id))

    @activity.defn
    async def wake_customers(self, step: Step) -> int:
        """Call the customers whose due work nobody took up; the answer is how many."""
        async with self._database.reading() as session:
            found = await customers_with_due_work(session, step.at - UNTOLD_AFTER)
        for customer_id in found:
            await self._wake_customer(customer_id)
        return len(found)

    @activity.defn
    async def export_histories(self, step: Step) -> int:
        """Keep the recorded history of closed loans outside the engine, hashes in the chain."""
        async with self._database.reading() as session:
            loans = await history_exports.loans_to_export(session)
        count = 0
        for loan_id, known in loans:
            for run_id, content, events in await self._closed_runs(loan_id, known):
                async with self._database.transaction() as session:
                    await history_exports.keep(
                        session, self._folder, loan_id, run_id, content, events, step.at
                    )
                count += 1
        return count

    @activity.defn
    async def anchor_audit(self, step: Step) -> bool:
        """Note the audit chain's head in its second place; False when it has not moved."""
        return await note_head(self._database, self._anchors, step.at)
