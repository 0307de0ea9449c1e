"""One payout by its business key, until the rail has said its last word."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.payments import PaymentActivities
from activities.steps import PayoutStep
from workflows.options import MONEY_STEP, RAIL_POLL_FIRST, RAIL_POLL_LONGEST
from workflows.steps import carried_out

LAST_WORDS = ("settled", "rejected", "stopped")
LEFT = "left"
"""Said by a run that has to end while the rail is still silent: the next one goes on asking."""


async def paid_once(
    key: str, loan_id: UUID, heard: Callable[[str, timedelta], Awaitable[str | None]]
) -> str:
    """The rail's last word on a payout: instructed once, then heard of or asked by its key.

    `heard` waits for a pause and gives what an event said meanwhile, if one did.
    """
    status = await _asked(PaymentActivities.instruct_rail, key, loan_id)
    pause = RAIL_POLL_FIRST
    while status not in LAST_WORDS:
        word = await heard(key, pause)
        if word == LEFT:
            return LEFT
        if word is not None:
            status = word
            continue
        status = await _asked(PaymentActivities.query_rail, key, loan_id)
        if status == "not_found":  # the rail's own word: it never saw this key
            status = await _asked(PaymentActivities.instruct_rail, key, loan_id)
        pause = min(pause * 2, RAIL_POLL_LONGEST)
    return status


async def _asked(activity: Callable[..., Awaitable[str]], key: str, loan_id: UUID) -> str:
    """Call the rail; its silence after all attempts is a state, with an incident."""
    step = PayoutStep(key, workflow.now())
    try:
        status: str = await workflow.execute_activity_method(activity, step, **MONEY_STEP)
    except ActivityError:
        await carried_out(PaymentActivities.mark_payout_unknown, step, loan_id)
        return "unknown"
    return status
