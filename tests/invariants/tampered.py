"""Today's code as somebody might have changed it by mistake."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from temporalio import workflow

from domain.commands import LoanStart
from workflows.loan import LoanWorkflow
from workflows.states import LoanEnd


@workflow.defn(name="LoanWorkflow")
class AnotherOrder(LoanWorkflow):
    """Waits a while before the contract, which the history does not know."""

    @workflow.init
    def __init__(self, start: LoanStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: LoanStart) -> LoanEnd:
        return await super().run(start)

    async def _authorised(self) -> None:
        await workflow.sleep(timedelta(days=1))
        await super()._authorised()


@workflow.defn(name="LoanWorkflow")
class AnotherInput(LoanWorkflow):
    """Takes the same steps in the same order, but asks the sources about another loan."""

    @workflow.init
    def __init__(self, start: LoanStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: LoanStart) -> LoanEnd:
        return await super().run(start)

    async def _facts_collected(self) -> None:
        self._loan_id = UUID(int=1)
        await super()._facts_collected()
