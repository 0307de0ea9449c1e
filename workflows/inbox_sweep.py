"""The inbox's safety net: an event whose call to look was lost is looked at all the same."""

from __future__ import annotations

from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from uuid import UUID

    from activities.housekeeping import HousekeepingActivities
    from activities.inbox import InboxActivities
    from activities.steps import Step, TroubleStep
    from workflows.options import SWEEP_STEP
    from workflows.steps import reason_of, told

_NO_LOAN = UUID(int=0)


@workflow.defn(name="InboxSweepWorkflow")
class InboxSweepWorkflow:
    """One sweep; a Schedule starts it, and a sweep that still runs is not started twice."""

    @workflow.run
    async def run(self) -> int:
        """Wake every loan with an event nobody took up; the answer is how many."""
        step = Step(_NO_LOAN, workflow.now(), 0)
        strays = await self._tried(InboxActivities.sweep_inbox, step)
        if strays is not None and strays.loan_ids:
            await self._tried(HousekeepingActivities.wake_loans, strays)
        if workflow.patched("customers-are-woken"):
            await self._tried(HousekeepingActivities.wake_customers, step)
        await self._tried(HousekeepingActivities.export_histories, step)
        await self._tried(HousekeepingActivities.anchor_audit, step)
        return len(strays.loan_ids) if strays is not None else 0

    async def _tried(self, activity: Any, step: Any) -> Any:
        """A part that fails is a person's matter and keeps no other part from its work."""
        try:
            return await workflow.execute_local_activity_method(activity, step, **SWEEP_STEP)
        except ActivityError as failed:
            name, now = activity.__name__, workflow.now()
            await told(TroubleStep(_NO_LOAN, name, reason_of(failed), now, is_case=False))
            return None
