"""A loan that has lost its process, for the test that changed code is found out."""

from __future__ import annotations

from typing import Any

from temporalio import workflow


@workflow.defn(name="LoanWorkflow")
class ForgetfulLoan:
    """Sleeps where the bank works."""

    @workflow.run
    async def run(self, start: Any) -> str:
        """Do nothing of what a loan does."""
        await workflow.sleep(1)
        return str(start)
