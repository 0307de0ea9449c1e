"""A process with one step too many, for the test that replays notice it."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.sources import SourceActivities
    from activities.steps import SourceStep
    from domain.commands import LoanStart
    from workflows.loan import LoanWorkflow
    from workflows.options import SOURCE_STEP
    from workflows.states import LoanEnd


@workflow.defn(name="LoanWorkflow")
class ChangedLoanWorkflow(LoanWorkflow):
    """Asks one source before anything else."""

    @workflow.init
    def __init__(self, start: LoanStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: LoanStart) -> LoanEnd:
        """The bank's process after an extra step."""
        await workflow.execute_activity_method(
            SourceActivities.query_source,
            SourceStep(start.loan_id, "registry", workflow.now()),
            **SOURCE_STEP,
        )
        return await super().run(start)
