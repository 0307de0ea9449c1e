"""Short steps in the bank's own database: carried out, or a person hears of it and it goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from activities.incidents import IncidentActivities
from activities.steps import TroubleStep
from workflows.options import DATABASE_STEP, INCIDENT_STEP, REPAIR_PAUSE

STEPS_A_RUN = 400
_NO_LOAN = UUID(int=0)


async def carried_out(activity: Any, step: Any, loan_id: UUID, is_case: bool = True) -> Any:
    """The step's answer. While it keeps failing an incident stands open, and it is tried again."""
    trouble: TroubleStep | None = None
    while True:
        try:
            answer = await workflow.execute_local_activity_method(activity, step, **DATABASE_STEP)
        except ActivityError as failed:
            trouble = _trouble(loan_id, activity, failed, is_case)
            await told(trouble)
            await workflow.sleep(REPAIR_PAUSE)
        else:
            if trouble is not None:
                await workflow.execute_local_activity_method(
                    IncidentActivities.close_trouble, trouble, **INCIDENT_STEP
                )
            return answer


async def brought_to_loans(activity: Any, step_of: Callable[[Any], Any], begun: Any) -> int:
    """Some loans a step until there are no more; the answer is how many took it.

    `begun` says behind which loan (`after`) and how many took it so far (`loans`); after so many
    steps a new run goes on from there, so that no history grows long.
    """
    reached, steps = begun, 0
    while True:
        found = await carried_out(activity, step_of(reached), _NO_LOAN, is_case=False)
        reached = replace(reached, after=found.after, loans=reached.loans + found.loans)
        workflow.set_current_details(str(reached.loans))
        if found.after is None:
            loans: int = reached.loans
            return loans
        steps += 1
        if steps == STEPS_A_RUN:
            workflow.continue_as_new(reached)


async def told(trouble: TroubleStep) -> None:
    """Open the incident of a step that gave up."""
    await workflow.execute_local_activity_method(
        IncidentActivities.open_trouble, trouble, **INCIDENT_STEP
    )


def reason_of(failed: ActivityError) -> str:
    """The kind of a failure; its text may hold what was typed and stays out of the books."""
    cause = failed.cause
    return (isinstance(cause, ApplicationError) and cause.type) or type(cause).__name__


def _trouble(loan_id: UUID, activity: Any, failed: ActivityError, is_case: bool) -> TroubleStep:
    return TroubleStep(loan_id, activity.__name__, reason_of(failed), workflow.now(), is_case)
