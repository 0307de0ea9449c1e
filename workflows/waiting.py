"""What every wait of a case has in common: one act at a time, the ladder, the inbox."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from activities.inbox import InboxActivities
from activities.steps import RungStep, Step
from activities.tasks import TaskActivities
from domain.commands import OpenWait
from domain.customers import LendingStanding
from domain.process import CaseStatus, Stage
from workflows.paying import LAST_WORDS
from workflows.search import show_stage
from workflows.states import CaseEnded, LoanState
from workflows.steps import carried_out

HEARS_FIRST = "hears-before-each-step"
RUNGS: tuple[tuple[str, Callable[[OpenWait], datetime]], ...] = (
    ("reminded", lambda wait: wait.remind_at),
    ("escalated", lambda wait: wait.due_at),
    ("next_level", lambda wait: wait.next_level_at),
    ("timed_out", lambda wait: wait.lapse_at),
)


class WaitingCase:
    """A case's own state, and how it moves and waits.

    Whoever writes holds the lock: a person's act and the process's next step never overlap, so
    the versions rise in the order of the writes and an act is either before a step or after it.
    """

    def __init__(self, loan_id: UUID) -> None:
        self._loan_id = loan_id
        self._version = 0
        self._stage = Stage.SUBMITTED
        self._status = CaseStatus.ACTIVE
        self._is_case = False
        self._withdrawn = False
        self._look = False
        self._standing = ""
        self._wait_now: OpenWait | None = None
        self._envelopes: dict[str, str] = {}
        self._payouts: dict[str, str] = {}
        self._writing = asyncio.Lock()

    @workflow.signal
    def look(self) -> None:
        """Something lies in the inbox."""
        self._look = True

    @workflow.query
    def state(self) -> LoanState:
        """Where the loan stands, for the check that the books agree."""
        return LoanState(self._stage, self._status, self._version)

    async def _moved(
        self, activity: Any, step: Callable[[], Any], stage: Stage | None = None
    ) -> Any:
        """Take the case's next step, unless it has ended meanwhile."""
        if self._look and workflow.patched(HEARS_FIRST):
            await self._read_inbox()
        async with self._writing:
            self._refuse_ended()
            if stage is not None and stage is not self._stage:
                self._stage = stage
                show_stage(stage)
            return await self._local(activity, step())

    async def _waited(self, wait: OpenWait, done: Callable[[], bool]) -> bool:
        """Climb a task's ladder until it is done (True) or its time has lapsed (False).

        A moved deadline begins the ladder anew.
        """
        self._wait_now = wait
        rung = 0
        while rung < len(RUNGS):
            current = self._wait_now
            name, instant = RUNGS[rung]
            await self._time_passes(current, instant(current), done)
            if self._wait_now is current and not done():
                await self._climbed(current, name, done)
            if done():
                return True
            rung = rung + 1 if self._wait_now is current else 0
        return False

    async def _time_passes(
        self, current: OpenWait, until: datetime, done: Callable[[], bool]
    ) -> None:
        while self._wait_now is current and not done():
            self._refuse_ended()
            left = until - workflow.now()
            if left <= timedelta(0):
                return
            try:
                await workflow.wait_condition(
                    lambda: self._called(current) or done(),
                    timeout=left,
                    timeout_summary=self._stage,
                )
            except TimeoutError:
                return
            if self._look:
                await self._read_inbox()

    async def _climbed(self, current: OpenWait, rung: str, done: Callable[[], bool]) -> None:
        """Note the rung, unless an act that was under way has settled the matter."""
        if rung == "timed_out":  # what came in time counts, even where its call was lost
            await self._read_inbox()
        async with self._writing:
            self._refuse_ended()
            if not done() and self._wait_now is current:
                step = RungStep(current.task_id, rung, workflow.now())
                await self._local(TaskActivities.climb_ladder, step)

    def _called(self, current: OpenWait) -> bool:
        return self._look or self._withdrawn or self._wait_now is not current

    async def _read_inbox(self) -> None:
        async with self._writing:
            self._look = False
            step = Step(self._loan_id, workflow.now(), self._version)
            read = await self._local(InboxActivities.read_inbox, step)
        self._standing = read.standing
        for fact in read.facts:
            if fact.kind == "envelope" and fact.outcome in ("signed", "declined"):
                self._envelopes[fact.reference] = fact.outcome
            if fact.kind == "payment" and fact.outcome in LAST_WORDS:
                self._payouts[fact.reference] = fact.outcome

    def _refuse_ended(self) -> None:
        """The customer has withdrawn, or is locked before money is on its way to it."""
        if self._withdrawn:
            raise CaseEnded(CaseStatus.WITHDRAWN, "customer_withdrew")
        if self._standing == LendingStanding.LOCKED and self._stage is not Stage.PAYOUT:
            raise CaseEnded(CaseStatus.CANCELLED, "customer_locked")

    def _refuse_unless(self, holds: bool, code: str) -> None:
        if self._status is not CaseStatus.ACTIVE or self._withdrawn:
            raise ApplicationError("case.closed", type="case.closed")
        if not holds:
            raise ApplicationError(code, type=code)

    def _next_version(self) -> int:
        self._version += 1
        return self._version

    def _step(self) -> Step:
        return Step(self._loan_id, workflow.now(), self._next_version())

    async def _local(self, activity: Any, step: Any) -> Any:
        """A short step in the bank's own database."""
        return await carried_out(activity, step, self._loan_id, self._is_case)
