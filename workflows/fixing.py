"""A fixing of an index: a second person decides, then every loan that follows it is repriced."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.rates import DecideFixingStep, RateActivities, RepriceResult, RepriceStep
    from domain.commands import Receipt
    from domain.rates import DecideFixing
    from workflows.steps import carried_out

_NO_LOAN = UUID(int=0)
STEPS_A_RUN = 400


@dataclass(frozen=True)
class FixingRun:
    """Where a run begins: with the verdict, or behind a loan of the repricing it goes on with."""

    fixing_id: UUID
    approved: bool = False
    after: UUID | None = None
    loans: int = 0


@workflow.defn(name="FixingWorkflow")
class FixingWorkflow:
    """One verdict and what follows from it; a verdict that was refused ends the run."""

    @workflow.init
    def __init__(self, start: FixingRun) -> None:
        self._start = start
        self._approved: bool | None = True if start.approved else None

    @workflow.run
    async def run(self, start: FixingRun) -> int:
        """Decided, then repriced; the answer is how many loans."""
        await workflow.wait_condition(lambda: self._approved is not None)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return await self._repriced(replace(start, approved=True)) if self._approved else 0

    async def _repriced(self, reached: FixingRun) -> int:
        steps = 0
        while True:
            step = RepriceStep(reached.fixing_id, reached.after, workflow.now())
            found: RepriceResult = await carried_out(
                RateActivities.reprice_loans, step, _NO_LOAN, is_case=False
            )
            reached = replace(reached, after=found.after, loans=reached.loans + found.loans)
            workflow.set_current_details(str(reached.loans))
            if found.after is None:
                return reached.loans
            steps += 1
            if steps == STEPS_A_RUN:
                workflow.continue_as_new(reached)

    @workflow.update
    async def decide(self, command: DecideFixing) -> Receipt:
        """Another person than the proposer approves or rejects."""
        step = DecideFixingStep(command, workflow.now())
        receipt: Receipt = await carried_out(
            RateActivities.decide_fixing, step, _NO_LOAN, is_case=False
        )
        if not self._approved:
            self._approved = receipt.accepted and command.approve
        return receipt

    @decide.validator
    def _may_decide(self, command: DecideFixing) -> None:
        if command.fixing_id != self._start.fixing_id:
            raise ApplicationError("another fixing", type="rate.unknown_fixing")
