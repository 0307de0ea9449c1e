"""The inbox's safety net: an event whose call to look was lost is looked at all the same."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from uuid import UUID

    from activities.housekeeping import HousekeepingActivities
    from activities.inbox import InboxActivities
    from activities.steps import Step
    from workflows.options import DATABASE_STEP

_NO_LOAN = UUID(int=0)


@workflow.defn(name="InboxSweepWorkflow")
class InboxSweepWorkflow:
    """One sweep; a Schedule starts it, and a sweep that still runs is not started twice."""

    @workflow.run
    async def run(self) -> int:
        """Wake every loan with an event nobody took up; the answer is how many."""
        step = Step(_NO_LOAN, workflow.now(), 0)
        strays = await workflow.execute_local_activity_method(
            InboxActivities.sweep_inbox, step, **DATABASE_STEP
        )
        if strays.loan_ids:
            await workflow.execute_local_activity_method(
                HousekeepingActivities.wake_loans, strays, **DATABASE_STEP
            )
        await workflow.execute_local_activity_method(
            HousekeepingActivities.export_histories, step, **DATABASE_STEP
        )
        await workflow.execute_local_activity_method(
            HousekeepingActivities.anchor_audit, step, **DATABASE_STEP
        )
        return len(strays.loan_ids)
