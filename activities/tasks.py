"""Steps of human tasks: rungs of the ladder, longer deadlines."""

from __future__ import annotations

from dataclasses import dataclass

from temporalio import activity

from activities.refusals import refusal
from activities.steps import ExtendStep, RungStep
from domain.commands import OpenWait, Receipt
from domain.violations import LoanRuleViolation
from persistence import task_ladder
from persistence.engine import Database


@dataclass(frozen=True)
class Extension:
    """The answer to an extension, and the wait as it now stands."""

    receipt: Receipt
    wait: OpenWait | None = None


class TaskActivities:
    """Writes of the task slice."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn
    async def climb_ladder(self, step: RungStep) -> None:
        """Remind, escalate or time out."""
        async with self._database.transaction() as session:
            await task_ladder.climb(session, step.task_id, step.rung, step.at)

    @activity.defn
    async def extend_deadline(self, step: ExtendStep) -> Extension:
        """Give the open task more working days."""
        try:
            async with self._database.transaction() as session:
                receipt, wait = await task_ladder.extend_deadline(session, step.command, step.at)
                return Extension(receipt, wait)
        except LoanRuleViolation as refused:
            return Extension(refusal(refused))
