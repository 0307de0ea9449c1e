"""A customer's process (客户流程): as long as the bank knows the firm, it sees to what is due.

What is due is an agenda in the books; the process carries it out piece by piece and else waits
for the next instant or a call. People's proposals and verdicts are its updates; they and the work
take turns on the customer's locked row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.customers import (
        CustomerActivities,
        CustomerStep,
        ProposeStep,
        TakeBackStep,
        VoiceStep,
        WorkStep,
    )
    from domain.commands import Receipt
    from domain.customers import (
        Agenda,
        DecideProposal,
        ProposeForCustomer,
        WithdrawProposal,
        Work,
        WorkKind,
    )
    from workflows.options import HISTORY_EVENTS_MAX
    from workflows.steps import carried_out
    from workflows.verifying import Verifying

_NO_LOAN = UUID(int=0)


@dataclass(frozen=True)
class CustomerRun:
    """Where a run begins."""

    customer_id: UUID


@workflow.defn(name="CustomerWorkflow")
class CustomerWorkflow(Verifying):
    """One customer. It never ends by itself: the books keep everything, a run only the place."""

    @workflow.init
    def __init__(self, start: CustomerRun) -> None:
        super().__init__(start.customer_id)
        self._called = False

    @workflow.run
    async def run(self, start: CustomerRun) -> None:
        """See to what is due, then wait for what comes first."""
        while self._goes_on():
            self._called = False
            agenda = await self._agenda()
            if agenda.work is not None:
                await self._see_to(agenda.work)
            else:
                await self._wait_until(agenda.next_at)
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(start)

    def _goes_on(self) -> bool:
        """A long run ends, but not while sources may still answer: that takes a day at most."""
        short = workflow.info().get_current_history_length() < HISTORY_EVENTS_MAX
        return short or self._waits_for_sources

    async def _agenda(self) -> Agenda:
        step = CustomerStep(self._customer_id, workflow.now())
        agenda: Agenda = await carried_out(
            CustomerActivities.customer_agenda, step, _NO_LOAN, is_case=False
        )
        return agenda

    async def _see_to(self, work: Work) -> None:
        if work.kind is WorkKind.VERIFY:
            await self._verify(work)
            return
        step = WorkStep(self._customer_id, work, workflow.now())
        await carried_out(CustomerActivities.carry_out_work, step, _NO_LOAN, is_case=False)

    async def _wait_until(self, until: datetime | None) -> None:
        left = None if until is None else until - workflow.now()
        try:
            await workflow.wait_condition(lambda: self._called, timeout=left)
        except TimeoutError:
            return

    @workflow.signal
    def look(self) -> None:
        """Something was put on the agenda."""
        self._called = True

    @workflow.update
    async def propose(self, command: ProposeForCustomer) -> Receipt:
        """Lay something before those who decide it."""
        step = ProposeStep(command, workflow.now())
        return await self._asked(CustomerActivities.propose_for_customer, step)

    @workflow.update
    async def decide(self, command: DecideProposal) -> Receipt:
        """Approve or reject a proposal."""
        step = VoiceStep(command, workflow.now())
        return await self._asked(CustomerActivities.decide_proposal, step)

    @workflow.update
    async def withdraw(self, command: WithdrawProposal) -> Receipt:
        """The proposer takes it back."""
        step = TakeBackStep(command, workflow.now())
        return await self._asked(CustomerActivities.withdraw_proposal, step)

    @propose.validator
    def _may_propose(self, command: ProposeForCustomer) -> None:
        self._refuse_another(command.customer_id)

    @decide.validator
    def _may_decide(self, command: DecideProposal) -> None:
        self._refuse_another(command.customer_id)

    @withdraw.validator
    def _may_withdraw(self, command: WithdrawProposal) -> None:
        self._refuse_another(command.customer_id)

    async def _asked(self, activity: object, step: object) -> Receipt:
        receipt: Receipt = await carried_out(activity, step, _NO_LOAN, is_case=False)
        self._called = True
        return receipt

    def _refuse_another(self, customer_id: UUID) -> None:
        if customer_id != self._customer_id:
            raise ApplicationError("another customer", type="customer.unknown")
