"""A fixing of an index: a second person decides, then every loan that follows it is repriced."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.rates import DecideFixingStep, RateActivities, RepriceStep
    from domain.commands import Receipt
    from domain.rates import DecideFixing
    from workflows.steps import brought_to_loans, carried_out

_NO_LOAN = UUID(int=0)


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
        if not self._approved:
            return 0
        begun = replace(start, approved=True)
        return await brought_to_loans(RateActivities.reprice_loans, _step, begun)

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


def _step(reached: FixingRun) -> RepriceStep:
    return RepriceStep(reached.fixing_id, reached.after, workflow.now())
