"""A customer's process: proposals, what is due, and the work it carries out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from temporalio import activity

from activities.refusals import answered
from domain.commands import Receipt
from domain.customers import (
    Agenda,
    DecideProposal,
    ProposeForCustomer,
    WithdrawProposal,
    Work,
)
from persistence import customer_proposals
from persistence.customer_effects import EFFECTS, WORKERS
from persistence.customer_work import agenda_of, carry_out
from persistence.engine import Database


@dataclass(frozen=True)
class CustomerStep:
    """A step of one customer at the workflow's instant."""

    customer_id: UUID
    at: datetime


@dataclass(frozen=True)
class ProposeStep:
    """Record a proposal."""

    command: ProposeForCustomer
    at: datetime


@dataclass(frozen=True)
class VoiceStep:
    """Record a voice on a proposal."""

    command: DecideProposal
    at: datetime


@dataclass(frozen=True)
class TakeBackStep:
    """Withdraw a proposal."""

    command: WithdrawProposal
    at: datetime


@dataclass(frozen=True)
class WorkStep:
    """Carry out a piece of work."""

    customer_id: UUID
    work: Work
    at: datetime


class CustomerActivities:
    """Writes of the customer's slice; `look` wakes the loans that must hear of something."""

    def __init__(self, database: Database, look: Callable[[UUID], Awaitable[None]]) -> None:
        self._database = database
        self._look = look

    @activity.defn
    async def propose_for_customer(self, step: ProposeStep) -> Receipt:
        """Lay a proposal before those who decide it."""
        return await answered(self._propose(step))

    @activity.defn
    async def decide_proposal(self, step: VoiceStep) -> Receipt:
        """One person's voice; what took effect is told to the loans concerned."""
        return await answered(self._decide(step))

    @activity.defn
    async def withdraw_proposal(self, step: TakeBackStep) -> Receipt:
        """The proposer takes it back."""
        return await answered(self._withdraw(step))

    @activity.defn
    async def customer_agenda(self, step: CustomerStep) -> Agenda:
        """What is due for a customer."""
        async with self._database.reading() as session:
            return await agenda_of(session, step.customer_id, step.at)

    @activity.defn
    async def carry_out_work(self, step: WorkStep) -> str:
        """Do one piece of work in one transaction."""
        async with self._database.transaction() as session:
            return await carry_out(session, step.customer_id, step.work, step.at, WORKERS)

    async def _propose(self, step: ProposeStep) -> Receipt:
        async with self._database.transaction() as session:
            return await customer_proposals.propose(session, step.command, step.at, EFFECTS)

    async def _decide(self, step: VoiceStep) -> Receipt:
        async with self._database.transaction() as session:
            decided = await customer_proposals.decide(session, step.command, step.at, EFFECTS)
        for loan_id in decided.loans:
            await self._look(loan_id)
        return decided.receipt

    async def _withdraw(self, step: TakeBackStep) -> Receipt:
        async with self._database.transaction() as session:
            return await customer_proposals.withdraw(session, step.command, step.at)
