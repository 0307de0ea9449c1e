"""A year's working days: a second person decides, then loans that shun days off follow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.calendars import (
        CalendarActivities,
        DecideCalendarStep,
        MoveDatesStep,
    )
    from domain.commands import Receipt
    from domain.working_days import DecideCalendar
    from workflows.steps import brought_to_loans, carried_out

_NO_LOAN = UUID(int=0)


@dataclass(frozen=True)
class CalendarRun:
    """Where a run begins: with the verdict, or behind a loan of the moves it goes on with."""

    version_id: UUID
    approved: bool = False
    after: UUID | None = None
    loans: int = 0


@workflow.defn(name="CalendarWorkflow")
class CalendarWorkflow:
    """One verdict and what follows from it; a verdict that was refused ends the run."""

    @workflow.init
    def __init__(self, start: CalendarRun) -> None:
        self._start = start
        self._approved: bool | None = True if start.approved else None

    @workflow.run
    async def run(self, start: CalendarRun) -> int:
        """Decided, then moved; the answer is how many loans."""
        await workflow.wait_condition(lambda: self._approved is not None)
        await workflow.wait_condition(workflow.all_handlers_finished)
        if not self._approved:
            return 0
        begun = replace(start, approved=True)
        return await brought_to_loans(CalendarActivities.move_due_dates, _step, begun)

    @workflow.update
    async def decide(self, command: DecideCalendar) -> Receipt:
        """Another person than the proposer approves or rejects."""
        step = DecideCalendarStep(command, workflow.now())
        receipt: Receipt = await carried_out(
            CalendarActivities.decide_calendar, step, _NO_LOAN, is_case=False
        )
        if not self._approved:
            self._approved = receipt.accepted and command.approve
        return receipt

    @decide.validator
    def _may_decide(self, command: DecideCalendar) -> None:
        if command.version_id != self._start.version_id:
            raise ApplicationError("another version", type="calendar.unknown")


def _step(reached: CalendarRun) -> MoveDatesStep:
    return MoveDatesStep(reached.version_id, reached.after, workflow.now())
