"""A later drawdown of a loan in repayment: its two desks and its payout, beside the instalments.

It runs as a task of the loan's own workflow, so that nothing that falls due waits for it. Where it
stands is read from the books at each turn: a run may end in the middle, and the next one goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from activities.drawdowns import DrawdownActivities, RequestDrawdownStep
from activities.payments import PaymentActivities
from activities.steps import ExtendStep, NumberedStep, ReleaseStep, RungStep
from activities.tasks import Extension, TaskActivities
from domain.commands import ExtendDeadline, OpenWait, Receipt, Release
from domain.customers import LendingStanding
from domain.drawdowns import RequestDrawdown, RequestedDrawdown
from domain.process import CaseStatus
from workflows.paying import LEFT, paid_once
from workflows.states import ServicingState
from workflows.steps import carried_out
from workflows.waiting import RUNGS


class DrawnInParts:
    """What a loan in repayment knows of the drawdown that is under way; 0 is none."""

    def __init__(self, state: ServicingState) -> None:
        self._state = state
        self._version = state.version
        self._status = CaseStatus.ACTIVE
        self._look = True  # what arrived between two runs lies in the inbox
        self._drawdown = state.drawdown
        self._drawing: asyncio.Task[None] | None = None
        self._leaving = False
        self._desk_moved = False
        self._desk_wait: OpenWait | None = None
        self._payouts: dict[str, str] = {}

    @workflow.update
    async def request_drawdown(self, command: RequestDrawdown) -> Receipt:
        """Somebody asks for a later drawdown; two release officers have it before them next."""
        step = RequestDrawdownStep(command, workflow.now())
        asked: RequestedDrawdown = await self._in_books(DrawdownActivities.request_drawdown, step)
        if asked.number:
            self._drawdown = asked.number
            self._draw()
        return asked.receipt

    @request_drawdown.validator
    def _may_request(self, command: RequestDrawdown) -> None:
        if self._status is not CaseStatus.ACTIVE or command.loan_id != self._state.loan_id:
            raise ApplicationError("the loan is closed", type="case.closed")

    @workflow.update
    async def release(self, command: Release) -> Receipt:
        """A release officer signs a later drawdown, or refuses; the first one's come too late."""
        late = self._answered_before("task.not_open")
        if late.accepted or not self._drawdown:
            return late
        step = ReleaseStep(command, workflow.now())
        receipt: Receipt = await self._in_books(PaymentActivities.record_release, step)
        self._desk_moved = self._desk_moved or receipt.accepted
        return receipt

    @workflow.update
    async def extend_deadline(self, command: ExtendDeadline) -> Receipt:
        """A superior gives a release officer's open task more time."""
        late = self._answered_before("task.not_open")
        if late.accepted or not self._drawdown:
            return late
        step = ExtendStep(command, workflow.now())
        extension: Extension = await self._in_books(TaskActivities.extend_deadline, step)
        if extension.wait is not None:
            self._desk_wait = extension.wait
        return extension.receipt

    def _borrower_stands(self, standing: str) -> None:
        """A drawdown of a customer the bank has stopped lending to leaves its desk."""
        stopped = standing not in ("", LendingStanding.OPEN)
        self._desk_moved = self._desk_moved or (stopped and bool(self._drawdown))

    def _answered_before(self, otherwise: str) -> Receipt:
        """The answer the same key got in an earlier run, or that it is too late."""
        info = workflow.current_update_info()
        known = self._state.answers.get(info.id) if info is not None else None
        return known or Receipt(accepted=False, code=otherwise)

    def _draw(self) -> None:
        """Go on with the drawdown that is under way, unless this run has to end first."""
        if self._drawdown and self._drawing is None and not self._leaving:
            self._drawing = asyncio.create_task(self._drawn(self._drawdown))

    async def _drawn(self, number: int) -> None:
        while not self._leaving:
            self._desk_moved = False
            self._version += 1
            step = NumberedStep(self._state.loan_id, number, workflow.now(), self._version)
            standing = await self._in_books(DrawdownActivities.take_up_drawdown, step)
            if standing.wait is not None:
                await self._until_signed(standing.wait)
            elif standing.key is not None:
                await paid_once(standing.key, self._state.loan_id, self._heard_of)
            else:
                self._drawdown = 0
                self._look = True  # the schedule may be another one now
                break
        self._drawing = None

    async def _until_signed(self, wait: OpenWait) -> None:
        """Climb the ladder of a release officer's task; a moved deadline begins it anew."""
        self._desk_wait, rung = wait, 0
        while rung < len(RUNGS) and not self._desk_left():
            current: OpenWait = self._desk_wait
            name, instant = RUNGS[rung]
            await _until(instant(current), partial(self._desk_calls, current))
            if self._desk_wait is not current:
                rung = 0
            elif not self._desk_left():
                climbed = RungStep(current.task_id, name, workflow.now())
                await self._in_books(TaskActivities.climb_ladder, climbed)
                rung += 1

    def _desk_left(self) -> bool:
        return self._desk_moved or self._leaving

    def _desk_calls(self, wait: OpenWait) -> bool:
        return self._desk_left() or self._desk_wait is not wait

    async def _heard_of(self, key: str, pause: timedelta) -> str | None:
        """What the inbox said of a payout within a pause; the loan's main loop reads it."""
        until = workflow.now() + pause
        await _until(until, lambda: key in self._payouts or self._leaving)
        return LEFT if self._leaving else self._payouts.get(key)

    async def _stopped_drawing(self) -> None:
        """Come to a place from where the next run can go on."""
        self._leaving = True
        await workflow.wait_condition(lambda: self._drawing is None)

    async def _in_books(self, activity: Any, step: Any) -> Any:
        """A short step in the bank's own database."""
        return await carried_out(activity, step, self._state.loan_id)


async def _until(instant: datetime, called: Callable[[], bool]) -> None:
    left = instant - workflow.now()
    if left <= timedelta(0):
        return
    try:
        await workflow.wait_condition(called, timeout=left, timeout_summary="drawdown")
    except TimeoutError:
        return
