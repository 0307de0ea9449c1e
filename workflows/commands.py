"""Asking a loan's process: the only place below the roots that knows the engine's client."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowExecutionStatus,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from domain.changes.commands import DecideChange, ProposeChange, WithdrawChange
from domain.commands import (
    Decide,
    ExtendDeadline,
    LoanStart,
    Receipt,
    Release,
    Submit,
    Supplement,
    Withdraw,
)
from domain.customers import DecideProposal, ProposeForCustomer, WithdrawProposal
from domain.drawdowns import RequestDrawdown
from domain.rates import DecideFixing
from domain.refunds import DecideRefund, MatchReceipt, ProposeRefund, ReverseReceipt
from domain.violations import ProcessUnavailable
from domain.working_days import DecideCalendar
from workflows.calendar import CalendarRun, CalendarWorkflow
from workflows.customer import CustomerRun, CustomerWorkflow
from workflows.day_end import DayEndWorkflow
from workflows.fixing import FixingRun, FixingWorkflow
from workflows.loan import LoanWorkflow
from workflows.refund import RefundWorkflow

RPC_TIMEOUT = timedelta(seconds=8)
_NO_HANDLER = "expected but not found"  # how the SDK rejects an update its run does not define
_BETWEEN_RUNS_TRIES, _BETWEEN_RUNS_SECONDS = 20, 0.1
_GONE = "gone"
"""The run that was asked is over; the loan may live on in the next one."""


class _NotKnownYet(Exception):
    """The run that is there does not define the act; a rejected update leaves no trace."""


def workflow_id(loan_id: UUID) -> str:
    """The one id a loan has on the engine, for all its runs."""
    return f"loan/{loan_id}"


def refund_workflow_id(refund_id: UUID) -> str:
    """The one id a refund has on the engine."""
    return f"refund/{refund_id}"


def fixing_workflow_id(fixing_id: UUID) -> str:
    """The one id a verdict on a fixing has on the engine."""
    return f"fixing/{fixing_id}"


def calendar_workflow_id(version_id: UUID) -> str:
    """The one id a verdict on a year's calendar has on the engine."""
    return f"calendar/{version_id}"


def customer_workflow_id(customer_id: UUID) -> str:
    """The one id a customer has on the engine, for all its runs."""
    return f"customer/{customer_id}"


class LoanProcess:
    """Typed questions to loans. Raises ProcessUnavailable when the engine cannot answer."""

    def __init__(self, connect: Callable[[], Awaitable[Client]], task_queue: str) -> None:
        self._connect = connect
        self._task_queue = task_queue
        self._connected: Client | None = None

    async def submit(self, command: Submit, origin: str = "desk") -> Receipt:
        """Start the loan's workflow with its submission; a second press gets the same receipt."""
        client = await self._client()
        start = WithStartWorkflowOperation(
            LoanWorkflow.run,
            LoanStart(command.loan_id, origin),
            id=workflow_id(command.loan_id),
            task_queue=self._task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        )
        return await _answer(
            client.execute_update_with_start_workflow(
                LoanWorkflow.submit,
                command,
                start_workflow_operation=start,
                id=f"submit:{command.command_id}",
                rpc_timeout=RPC_TIMEOUT,
            )
        )

    async def decide(self, command: Decide) -> Receipt:
        """Give a verdict."""
        return await self._update("decide", command)

    async def supplement(self, command: Supplement) -> Receipt:
        """Answer a return."""
        return await self._update("supplement", command)

    async def release(self, command: Release) -> Receipt:
        """Sign a release, or refuse to."""
        return await self._update("release", command)

    async def withdraw(self, command: Withdraw) -> Receipt:
        """Withdraw a case."""
        return await self._update("withdraw", command)

    async def extend_deadline(self, command: ExtendDeadline) -> Receipt:
        """Give the open task more working days."""
        return await self._update("extend_deadline", command, key="extend")

    async def propose_change(self, command: ProposeChange) -> Receipt:
        """Lay a change of a running loan before its approvers."""
        return await self._update("propose_change", command)

    async def decide_change(self, command: DecideChange) -> Receipt:
        """Approve or reject a proposed change."""
        return await self._update("decide_change", command)

    async def withdraw_change(self, command: WithdrawChange) -> Receipt:
        """Take a proposed change back."""
        return await self._update("withdraw_change", command)

    async def request_drawdown(self, command: RequestDrawdown) -> Receipt:
        """Ask for a later drawdown of a loan that is drawn in parts."""
        return await self._update("request_drawdown", command)

    async def match_receipt(self, command: MatchReceipt) -> Receipt:
        """Book held money to a loan."""
        return await self._update("match_receipt", command)

    async def reverse_receipt(self, command: ReverseReceipt) -> Receipt:
        """Take posted money out of a loan; it is held again."""
        return await self._update("reverse_receipt", command)

    async def propose_refund(self, command: ProposeRefund) -> Receipt:
        """Start a refund with its proposal; a second press gets the same receipt."""
        client = await self._client()
        start = WithStartWorkflowOperation(
            RefundWorkflow.run,
            command.refund_id,
            id=refund_workflow_id(command.refund_id),
            task_queue=self._task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        )
        return await _answer(
            client.execute_update_with_start_workflow(
                RefundWorkflow.propose,
                command,
                start_workflow_operation=start,
                id=f"propose:{command.command_id}",
                rpc_timeout=RPC_TIMEOUT,
            ),
            ended="refund.not_open",
        )

    async def decide_refund(self, command: DecideRefund) -> Receipt:
        """Approve or reject a refund."""
        client = await self._client()
        handle = client.get_workflow_handle(refund_workflow_id(command.refund_id))
        return await _answer(
            handle.execute_update(
                RefundWorkflow.decide,
                command,
                id=f"decide:{command.command_id}",
                rpc_timeout=RPC_TIMEOUT,
            ),
            ended="refund.not_open",
        )

    async def decide_fixing(self, command: DecideFixing) -> Receipt:
        """Approve or reject a fixing; approved, it is brought to the loans by the same run."""
        run, identifier = FixingRun(command.fixing_id), fixing_workflow_id(command.fixing_id)
        asked = (FixingWorkflow.run, FixingWorkflow.decide)
        return await self._verdict(asked, run, identifier, command, "rate.decided")

    async def decide_calendar(self, command: DecideCalendar) -> Receipt:
        """Approve or reject a year's calendar; approved, the same run brings it to the loans."""
        run, identifier = CalendarRun(command.version_id), calendar_workflow_id(command.version_id)
        asked = (CalendarWorkflow.run, CalendarWorkflow.decide)
        return await self._verdict(asked, run, identifier, command, "calendar.decided")

    async def look(self, loan_id: UUID) -> None:
        """Tell a loan that something lies in its inbox; a closed loan has nothing to hear."""
        client = await self._client()
        handle = client.get_workflow_handle(workflow_id(loan_id))
        try:
            await handle.signal("look", rpc_timeout=RPC_TIMEOUT)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise ProcessUnavailable from error

    async def propose_for_customer(self, command: ProposeForCustomer) -> Receipt:
        """Lay something before those who decide it; the customer's process starts with it."""
        return await self._ask_customer(CustomerWorkflow.propose, "propose", command)

    async def decide_proposal(self, command: DecideProposal) -> Receipt:
        """Approve or reject a proposal for a customer."""
        return await self._ask_customer(CustomerWorkflow.decide, "decide", command)

    async def withdraw_proposal(self, command: WithdrawProposal) -> Receipt:
        """Take one's own proposal for a customer back."""
        return await self._ask_customer(CustomerWorkflow.withdraw, "withdraw", command)

    async def look_at_customer(self, customer_id: UUID) -> None:
        """Tell a customer's process that something is due; one that is not there yet starts."""
        client = await self._client()
        try:
            await client.start_workflow(
                CustomerWorkflow.run,
                CustomerRun(customer_id),
                id=customer_workflow_id(customer_id),
                task_queue=self._task_queue,
                start_signal="look",
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                rpc_timeout=RPC_TIMEOUT,
            )
        except RPCError as error:
            raise ProcessUnavailable from error

    async def _ask_customer(self, update: Any, name: str, command: Any) -> Receipt:
        client = await self._client()
        start: Any = WithStartWorkflowOperation(
            CustomerWorkflow.run,
            CustomerRun(command.customer_id),
            id=customer_workflow_id(command.customer_id),
            task_queue=self._task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        )
        return await _answer(
            client.execute_update_with_start_workflow(
                update,
                command,
                start_workflow_operation=start,
                id=f"{name}:{command.command_id}",
                rpc_timeout=RPC_TIMEOUT,
            ),
            ended="customer.busy",
        )

    async def run_day_end(self, business_on: date) -> None:
        """Run a day's end again; while it still runs it is not started twice."""
        client = await self._client()
        try:
            await client.start_workflow(
                DayEndWorkflow.run,
                args=[business_on],
                id=f"day-end/{business_on}",
                task_queue=self._task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                rpc_timeout=RPC_TIMEOUT,
            )
        except RPCError as error:
            raise ProcessUnavailable from error

    async def close_days(self) -> int:
        """Close days that are over and wait for it; how many were. Ask again until it is none."""
        client = await self._client()
        try:
            closed: int = await client.execute_workflow(
                DayEndWorkflow.run,
                args=[None],
                id="day-end/missed",
                task_queue=self._task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            )
        except RPCError as error:
            raise ProcessUnavailable from error
        return closed

    async def _verdict(
        self, asked: tuple[Any, Any], run: Any, identifier: str, command: Any, ended: str
    ) -> Receipt:
        """Start the run of a verdict with the verdict itself; a second press is the same one."""
        client = await self._client()
        start: Any = WithStartWorkflowOperation(
            asked[0],
            run,
            id=identifier,
            task_queue=self._task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        )
        return await _answer(
            client.execute_update_with_start_workflow(
                asked[1],
                command,
                start_workflow_operation=start,
                id=f"decide:{command.command_id}",
                rpc_timeout=RPC_TIMEOUT,
            ),
            ended=ended,
        )

    async def _update(self, name: str, command: Any, key: str | None = None) -> Receipt:
        """Ask a loan. For a moment between two of its runs nobody is there to answer.

        Nor does a loan between its two workflow types know the acts of the second. An act carries
        its key, so that asking again carries it out once.
        """
        for _ in range(_BETWEEN_RUNS_TRIES):
            try:
                receipt = await self._updated(name, command, key)
                if receipt.code != _GONE:
                    return receipt
                if not await self._goes_on(command.loan_id):
                    return Receipt(accepted=False, code="case.closed")
            except _NotKnownYet:
                pass
            await asyncio.sleep(_BETWEEN_RUNS_SECONDS)
        return Receipt(accepted=False, code="case.stage")

    async def _goes_on(self, loan_id: UUID) -> bool:
        """Whether the loan has a run, the one after that which was asked."""
        client = await self._client()
        try:
            described = await client.get_workflow_handle(workflow_id(loan_id)).describe()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise ProcessUnavailable from error
        return described.status is WorkflowExecutionStatus.RUNNING

    async def _updated(self, name: str, command: Any, key: str | None) -> Receipt:
        client = await self._client()
        handle = client.get_workflow_handle(workflow_id(command.loan_id))
        return await _answer(
            handle.execute_update(
                name,
                command,
                id=f"{key or name}:{command.command_id}",
                result_type=Receipt,
                rpc_timeout=RPC_TIMEOUT,
            ),
            ended=_GONE,
        )

    async def _client(self) -> Client:
        if self._connected is None:
            try:
                self._connected = await self._connect()
            except RuntimeError as error:  # what the SDK raises when nobody listens
                raise ProcessUnavailable from error
        return self._connected


async def _answer(asking: Awaitable[Receipt], ended: str = "case.closed") -> Receipt:
    try:
        return await asking
    except WorkflowUpdateFailedError as failed:
        return _refused(failed, ended)
    except WorkflowUpdateRPCTimeoutOrCancelledError as error:
        raise ProcessUnavailable from error
    except RPCError as error:
        if error.status in (RPCStatusCode.NOT_FOUND, RPCStatusCode.ALREADY_EXISTS):
            return Receipt(accepted=False, code=ended)
        raise ProcessUnavailable from error


def _refused(failed: WorkflowUpdateFailedError, ended: str) -> Receipt:
    """A validator's refusal. Anything else is a bug and is raised."""
    cause = failed.cause
    if isinstance(cause, ApplicationError) and cause.type == "AcceptedUpdateCompletedWorkflow":
        return Receipt(accepted=False, code=ended)  # it closed while the act was under way
    if isinstance(cause, ApplicationError) and cause.type and "." in cause.type:
        return Receipt(accepted=False, code=cause.type)
    if _NO_HANDLER in str(cause):
        raise _NotKnownYet from failed
    raise failed
