"""Day end: every business day that is over is closed, the oldest first, none left out."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from datetime import date
    from uuid import UUID

    from activities.day_end import DayEndActivities, DaysStep
    from activities.steps import TroubleStep
    from workflows.options import DAY_STEP, DAYS_A_RUN, SWEEP_STEP
    from workflows.steps import reason_of, told

_NO_LOAN = UUID(int=0)


@workflow.defn(name="DayEndWorkflow")
class DayEndWorkflow:
    """One run; a Schedule starts it. A named day is run again, without one the missed are closed.

    A day whose ledger does not tie out stops the run: later days wait for it.
    """

    @workflow.run
    async def run(self, again_on: date | None = None) -> int:
        """Close what is to be closed; the answer is how many days."""
        try:
            return await self._closed(again_on)
        except ActivityError as failed:
            trouble = TroubleStep(
                _NO_LOAN, "day_end", reason_of(failed), workflow.now(), is_case=False
            )
            await told(trouble)
            return 0

    async def _closed(self, again_on: date | None) -> int:
        step = DaysStep(workflow.now(), DAYS_A_RUN)
        days = (
            [again_on]
            if again_on
            else await workflow.execute_local_activity_method(
                DayEndActivities.days_to_close, step, **SWEEP_STEP
            )
        )
        for done, day in enumerate(days):
            workflow.set_current_details(day.isoformat())
            found = await workflow.execute_activity_method(
                DayEndActivities.close_business_day, day, **DAY_STEP
            )
            if not found.closed:
                return done
        return len(days)
