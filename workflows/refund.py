"""Held money goes back to its payer: two persons, one payment, whatever breaks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.receipts import (
        DecideRefundStep,
        ProposeRefundStep,
        ReceiptActivities,
        RefundStep,
    )
    from domain.commands import Receipt
    from domain.refunds import DecideRefund, ProposeRefund
    from workflows.options import MONEY_STEP, RAIL_POLL_FIRST, RAIL_POLL_LONGEST
    from workflows.steps import carried_out

_NO_LOAN = UUID(int=0)
_ENDED = ("settled", "failed", "rejected")


@workflow.defn(name="RefundWorkflow")
class RefundWorkflow:
    """One refund, from its proposal to the rail's last word."""

    @workflow.init
    def __init__(self, refund_id: UUID) -> None:
        self._refund_id = refund_id
        self._proposed: bool | None = None
        self._approved: bool | None = None

    @workflow.run
    async def run(self, refund_id: UUID) -> str:
        """Proposed, decided, paid."""
        await workflow.wait_condition(lambda: self._proposed is not None)
        if self._proposed:
            await workflow.wait_condition(lambda: self._approved is not None)
        await workflow.wait_condition(workflow.all_handlers_finished)
        if not self._approved:
            return "rejected"
        return await self._paid()

    async def _paid(self) -> str:
        """Paid under its one key; after a silence the rail is asked before it is told again."""
        status = await self._rail(ReceiptActivities.instruct_refund)
        pause = RAIL_POLL_FIRST
        while status not in _ENDED:
            await workflow.sleep(pause)
            status = await self._rail(ReceiptActivities.query_refund)
            if status == "not_found":  # the rail's own word: it never saw this key
                status = await self._rail(ReceiptActivities.instruct_refund)
            pause = min(pause * 2, RAIL_POLL_LONGEST)
        return status

    async def _rail(self, activity: Callable[..., Awaitable[str]]) -> str:
        step = RefundStep(self._refund_id, workflow.now())
        try:
            status: str = await workflow.execute_activity_method(activity, step, **MONEY_STEP)
        except ActivityError:
            await self._local(ReceiptActivities.mark_refund_unknown, step)
            return "unknown"
        return status

    @workflow.update
    async def propose(self, command: ProposeRefund) -> Receipt:
        """One person asks."""
        step = ProposeRefundStep(command, workflow.now())
        receipt: Receipt = await self._local(ReceiptActivities.propose_refund, step)
        self._proposed = bool(self._proposed) or receipt.accepted
        return receipt

    @workflow.update
    async def decide(self, command: DecideRefund) -> Receipt:
        """Another decides."""
        step = DecideRefundStep(command, workflow.now())
        receipt: Receipt = await self._local(ReceiptActivities.decide_refund, step)
        if receipt.accepted and self._approved is None:
            self._approved = command.approve
        return receipt

    @propose.validator
    def _may_propose(self, command: ProposeRefund) -> None:
        self._refuse_other(command.refund_id)

    @decide.validator
    def _may_decide(self, command: DecideRefund) -> None:
        self._refuse_other(command.refund_id)

    def _refuse_other(self, refund_id: UUID) -> None:
        if refund_id != self._refund_id:
            raise ApplicationError("another refund", type="refund.unknown")

    async def _local(self, activity: Any, step: Any) -> Any:
        """A short step in the bank's own database."""
        return await carried_out(activity, step, _NO_LOAN, is_case=False)
