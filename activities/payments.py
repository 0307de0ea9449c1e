"""Releasing money: two officers, one intent, one payout whatever breaks."""

from __future__ import annotations

from datetime import datetime

from temporalio import activity

from activities.refusals import answered
from activities.steps import NumberedStep, PayoutStep, ReleaseDeskStep, ReleaseStep, Step
from domain.commands import OpenWait, Receipt
from integrations.rail.client import RailClient
from integrations.rail.messages import PaymentInstruction, PaymentState
from persistence import payouts, releases
from persistence.engine import Database
from persistence.payouts import PayoutOrder
from persistence.releases import PayoutIntent


class PaymentActivities:
    """Writes and calls of the disbursement slice."""

    def __init__(self, database: Database, rail: RailClient) -> None:
        self._database = database
        self._rail = rail

    @activity.defn
    async def open_release(self, step: ReleaseDeskStep) -> OpenWait:
        """Lay a drawdown before a release officer."""
        async with self._database.transaction() as session:
            return await releases.open_release(
                session, step.loan_id, step.kind, step.drawdown, step.at, step.version
            )

    @activity.defn
    async def record_release(self, step: ReleaseStep) -> Receipt:
        """Record a release officer's signature."""
        return await answered(self._release(step))

    @activity.defn
    async def write_intent(self, step: NumberedStep) -> PayoutIntent:
        """Decide the payout under its business key."""
        async with self._database.transaction() as session:
            return await releases.write_intent(
                session, step.loan_id, step.number, step.at, step.version
            )

    @activity.defn
    async def instruct_rail(self, step: PayoutStep) -> str:
        """Have the rail pay, once. Whoever comes here twice asks first and pays the same key.

        A customer the bank has stopped lending to meanwhile is not paid.

        Raises IntegrationUnavailable while the outcome is unknown.
        """
        async with self._database.reading() as session:
            order = await payouts.payout_order(session, step.key)
        if order.status in payouts.FINAL:
            return order.status
        state = None if order.status == "intent" else await self._rail.find_payment(step.key)
        if state is None:
            async with self._database.transaction() as session:
                held_back = await payouts.mark_sent(session, step.key, step.at)
            if held_back is not None:
                return held_back
            state = await self._rail.pay(_instruction(order))
        return await self._apply(state, step.at)

    @activity.defn
    async def query_rail(self, step: PayoutStep) -> str:
        """Ask the rail by key; never pays."""
        state = await self._rail.find_payment(step.key)
        return await self._apply(state, step.at) if state is not None else "not_found"

    @activity.defn
    async def mark_payout_unknown(self, step: PayoutStep) -> None:
        """Open the incident of a payout the rail says nothing about."""
        async with self._database.transaction() as session:
            await payouts.mark_unknown(session, step.key, step.at)

    @activity.defn
    async def enter_repayment(self, step: Step) -> None:
        """The money is out."""
        async with self._database.transaction() as session:
            await payouts.enter_repayment(session, step.loan_id, step.at, step.version)

    async def _apply(self, state: PaymentState, at: datetime) -> str:
        async with self._database.transaction() as session:
            return await payouts.apply_payment_state(
                session, state.key, state.status, state.reference, state.reason, at
            )

    async def _release(self, step: ReleaseStep) -> Receipt:
        async with self._database.transaction() as session:
            return await releases.record_release(session, step.command, step.at)


def _instruction(order: PayoutOrder) -> PaymentInstruction:
    return PaymentInstruction(
        key=order.key,
        amount=order.amount,
        currency=order.currency,
        payee_name=order.payee_name,
        payee_account=order.payee_account,
        payee_bank_code=order.payee_bank_code,
        loan_id=order.loan_id,
        purpose="loan",
    )
