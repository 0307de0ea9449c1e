"""A note in repayment: bill, collect, note lateness, close."""

from __future__ import annotations

from temporalio import activity

from activities.steps import NumberedStep, Step
from domain.servicing import Billing, NextStep
from integrations.rail.client import RailClient
from integrations.rail.messages import CollectionInstruction
from persistence import drawdowns, notes, rates
from persistence.engine import Database


class ServicingActivities:
    """Writes and calls of the repayment slice."""

    def __init__(self, database: Database, rail: RailClient) -> None:
        self._database = database
        self._rail = rail

    @activity.defn
    async def next_step(self, step: Step) -> NextStep:
        """What the note waits for next."""
        async with self._database.reading() as session:
            return await notes.next_step(session, step.loan_id, step.at)

    @activity.defn
    async def bill_instalment(self, step: NumberedStep) -> Billing | None:
        """An instalment comes due."""
        async with self._database.transaction() as session:
            return await notes.bill_instalment(
                session, step.loan_id, step.number, step.at, step.version
            )

    @activity.defn
    async def collect(self, step: NumberedStep, billing: Billing) -> None:
        """Ask the rail to debit the borrower's account; its answer is a receipt in the inbox."""
        instruction = CollectionInstruction(
            key=billing.key,
            loan_id=str(step.loan_id),
            amount=billing.amount,
            currency=billing.currency,
            due_on=billing.due_on,
            instalment_n=billing.n,
        )
        await self._rail.collect(instruction)

    @activity.defn
    async def note_arrears(self, step: NumberedStep) -> None:
        """A threshold of days past due is reached."""
        async with self._database.transaction() as session:
            await notes.note_arrears(session, step.loan_id, step.number, step.at, step.version)

    @activity.defn
    async def take_reset(self, step: NumberedStep) -> None:
        """A floating rate's repricing date came."""
        async with self._database.transaction() as session:
            await rates.take_reset(session, step.loan_id, step.at, step.version)

    @activity.defn
    async def lapse_undrawn(self, step: NumberedStep) -> None:
        """Nothing more may be drawn from here on."""
        async with self._database.transaction() as session:
            await drawdowns.lapse_undrawn(session, step.loan_id, step.at, step.version)

    @activity.defn
    async def close_note(self, step: Step) -> None:
        """Everything is repaid."""
        async with self._database.transaction() as session:
            await notes.close_note(session, step.loan_id, step.at, step.version)
