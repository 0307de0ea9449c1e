"""One loan in repayment: instalment by instalment, until the last cent."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.changes import (
        ChangeActivities,
        DecideChangeStep,
        ProposeChangeStep,
        WithdrawChangeStep,
    )
    from activities.inbox import InboxActivities
    from activities.receipts import MatchStep, ReceiptActivities, ReverseStep
    from activities.servicing import ServicingActivities
    from activities.steps import NumberedStep, Step, TroubleStep
    from domain.changes.commands import DecideChange, ProposeChange, WithdrawChange
    from domain.commands import Receipt
    from domain.process import CaseStatus, Stage
    from domain.refunds import MatchReceipt, ReverseReceipt
    from domain.servicing import Billing, NextStep, StepKind
    from workflows.drawdowns import DrawnInParts
    from workflows.options import COLLECTION_STEP, HISTORY_EVENTS_MAX
    from workflows.paying import LAST_WORDS
    from workflows.search import show_stage
    from workflows.states import LoanEnd, LoanState, ServicingState
    from workflows.steps import reason_of, told


@workflow.defn(name="LoanServicingWorkflow")
class LoanServicingWorkflow(DrawnInParts):
    """Repayment. Each instalment is one run, so that every history stays short."""

    @workflow.init
    def __init__(self, state: ServicingState) -> None:
        super().__init__(state)
        self._billed = False
        self._collecting: dict[int, asyncio.Task[None]] = {}

    @workflow.run
    async def run(self, state: ServicingState) -> LoanEnd:
        """Wait for the next dated step or for money; take it; begin a new run."""
        self._draw()
        while not self._run_is_over():
            if self._look:
                await self._read_inbox()
            step = await self._local(ServicingActivities.next_step, self._step())
            if step.kind is StepKind.SETTLED:
                return await self._settled()
            if await self._time_came(step):
                await self._take(step)
        await self._stopped_drawing()
        await workflow.wait_condition(workflow.all_handlers_finished)
        answers, drawdown = self._state.answers, self._drawdown
        return workflow.continue_as_new(
            ServicingState(state.loan_id, self._version, answers, drawdown=drawdown)
        )

    def _run_is_over(self) -> bool:
        """An instalment is billed and its direct debit asked for, or the history is long."""
        long = workflow.info().get_current_history_length() > HISTORY_EVENTS_MAX
        return long or (self._billed and not self._collecting)

    async def _time_came(self, step: NextStep) -> bool:
        """True when the step's instant came, False when something else calls first."""
        left = step.at - workflow.now()
        if left <= timedelta(0):
            return True
        try:
            await workflow.wait_condition(
                lambda: self._look or self._run_is_over(),
                timeout=left,
                timeout_summary=f"{step.kind} {step.number}",
            )
        except TimeoutError:
            return True
        return False

    async def _take(self, step: NextStep) -> None:
        """Take a dated step. A direct debit is asked for beside it: a silent rail stops nothing."""
        self._version += 1
        numbered = NumberedStep(self._state.loan_id, step.number, workflow.now(), self._version)
        if step.kind is StepKind.ARREARS:
            await self._local(ServicingActivities.note_arrears, numbered)
            return
        if step.kind is StepKind.RESET:
            await self._local(ServicingActivities.take_reset, numbered)
            return
        if step.kind is StepKind.AVAILABILITY:
            await self._local(ServicingActivities.lapse_undrawn, numbered)
            return
        billing = await self._local(ServicingActivities.bill_instalment, numbered)
        if billing is not None:
            self._collecting[step.number] = asyncio.create_task(self._collect(numbered, billing))
        self._billed = True

    async def _collect(self, numbered: NumberedStep, billing: Billing) -> None:
        """Ask for the direct debit; after a day of silence the borrower is late and people know."""
        try:
            await workflow.execute_activity_method(
                ServicingActivities.collect, args=[numbered, billing], **COLLECTION_STEP
            )
        except ActivityError as failed:
            name = f"collect:{billing.n}"
            loan_id = self._state.loan_id
            await told(TroubleStep(loan_id, name, reason_of(failed), workflow.now()))
        finally:
            self._collecting.pop(numbered.number, None)

    async def _settled(self) -> LoanEnd:
        self._version += 1
        step = Step(self._state.loan_id, workflow.now(), self._version)
        await self._local(ServicingActivities.close_note, step)
        self._status = CaseStatus.SETTLED
        show_stage(Stage.CLOSED)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return LoanEnd(CaseStatus.SETTLED, "repaid_in_full", self._version)

    async def _read_inbox(self) -> None:
        self._look = False
        read = await self._local(InboxActivities.read_inbox, self._step())
        self._payouts |= {
            fact.reference: fact.outcome
            for fact in read.facts
            if fact.kind == "payment" and fact.outcome in LAST_WORDS
        }
        self._borrower_stands(read.standing)

    @workflow.signal
    def look(self) -> None:
        """Something lies in the inbox."""
        self._look = True

    @workflow.query
    def state(self) -> LoanState:
        """Where the loan stands, for the check that the books agree."""
        stage = Stage.CLOSED if self._status is CaseStatus.SETTLED else Stage.REPAYMENT
        return LoanState(stage, self._status, self._version)

    @workflow.update
    async def propose_change(self, command: ProposeChange) -> Receipt:
        """A change of this loan is laid before its approvers."""
        step = ProposeChangeStep(command, workflow.now())
        return await self._changed(ChangeActivities.propose_change, step)

    @workflow.update
    async def decide_change(self, command: DecideChange) -> Receipt:
        """Somebody decides on a change; what is then due is asked anew."""
        step = DecideChangeStep(command, workflow.now())
        return await self._changed(ChangeActivities.decide_change, step)

    @workflow.update
    async def withdraw_change(self, command: WithdrawChange) -> Receipt:
        """The proposer takes a change back."""
        step = WithdrawChangeStep(command, workflow.now())
        return await self._changed(ChangeActivities.withdraw_change, step)

    @workflow.update
    async def match_receipt(self, command: MatchReceipt) -> Receipt:
        """Money that was held is this loan's."""
        step = MatchStep(command, workflow.now())
        return await self._changed(ReceiptActivities.match_receipt, step)

    @workflow.update
    async def reverse_receipt(self, command: ReverseReceipt) -> Receipt:
        """Money that was posted is not this loan's."""
        step = ReverseStep(command, workflow.now())
        return await self._changed(ReceiptActivities.reverse_posted, step)

    @match_receipt.validator
    def _may_match(self, command: MatchReceipt) -> None:
        self._refuse_closed(command.loan_id)

    @reverse_receipt.validator
    def _may_reverse(self, command: ReverseReceipt) -> None:
        self._refuse_closed(command.loan_id)

    @propose_change.validator
    def _may_propose(self, command: ProposeChange) -> None:
        self._refuse_closed(command.loan_id)

    @decide_change.validator
    def _may_decide(self, command: DecideChange) -> None:
        self._refuse_closed(command.loan_id)

    @withdraw_change.validator
    def _may_withdraw(self, command: WithdrawChange) -> None:
        self._refuse_closed(command.loan_id)

    def _refuse_closed(self, loan_id: UUID) -> None:
        if self._status is not CaseStatus.ACTIVE or loan_id != self._state.loan_id:
            raise ApplicationError("the loan is closed", type="case.closed")

    async def _changed(self, activity: Any, step: Any) -> Receipt:
        """Carry a human act out and look again: timers follow the new schedule."""
        receipt: Receipt = await self._local(activity, step)
        self._look = True
        return receipt

    @workflow.update(dynamic=True)
    async def command(self, name: str, args: Sequence[RawValue]) -> Receipt:
        """A command of the origination that comes late: its old answer, or that it is too late."""
        await asyncio.sleep(0)
        late = "withdraw.too_late" if name == "withdraw" else "task.not_open"
        return self._answered_before(late)

    def _step(self) -> Step:
        return Step(self._state.loan_id, workflow.now(), self._version)

    async def _local(self, activity: Any, step: Any) -> Any:
        """A short step in the bank's own database."""
        return await self._in_books(activity, step)
