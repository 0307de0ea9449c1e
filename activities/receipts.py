"""Money that finds its loan or leaves it, and held money that goes back to its payer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from temporalio import activity

from activities.refusals import answered
from domain.commands import Receipt
from domain.refunds import DecideRefund, MatchReceipt, ProposeRefund, RefundStatus, ReverseReceipt
from integrations.rail.client import RailClient
from integrations.rail.messages import PaymentInstruction, PaymentState
from persistence import refunds, suspense
from persistence.engine import Database


@dataclass(frozen=True)
class MatchStep:
    """Book held money to a loan."""

    command: MatchReceipt
    at: datetime


@dataclass(frozen=True)
class ReverseStep:
    """Take posted money out of a loan."""

    command: ReverseReceipt
    at: datetime


@dataclass(frozen=True)
class ProposeRefundStep:
    """Record a proposal."""

    command: ProposeRefund
    at: datetime


@dataclass(frozen=True)
class DecideRefundStep:
    """Record a verdict on a proposal."""

    command: DecideRefund
    at: datetime


@dataclass(frozen=True)
class RefundStep:
    """Act on a refund that is approved."""

    refund_id: UUID
    at: datetime


class ReceiptActivities:
    """Writes of the receipts' slice, and the rail's part of refunds."""

    def __init__(self, database: Database, rail: RailClient) -> None:
        self._database = database
        self._rail = rail

    @activity.defn
    async def match_receipt(self, step: MatchStep) -> Receipt:
        """Held money is a loan's after all."""
        return await answered(self._match(step))

    @activity.defn
    async def reverse_posted(self, step: ReverseStep) -> Receipt:
        """Posted money was another's."""
        return await answered(self._reverse(step))

    @activity.defn
    async def propose_refund(self, step: ProposeRefundStep) -> Receipt:
        """Ask that held money goes back."""
        return await answered(self._propose(step))

    @activity.defn
    async def decide_refund(self, step: DecideRefundStep) -> Receipt:
        """Approve or reject."""
        return await answered(self._decide(step))

    @activity.defn
    async def instruct_refund(self, step: RefundStep) -> str:
        """Have the rail pay, once. Whoever comes here twice asks first and pays the same key.

        Raises IntegrationUnavailable while the outcome is unknown.
        """
        async with self._database.reading() as session:
            order = await refunds.refund_order(session, step.refund_id)
        if order.status in refunds.FINAL:
            return order.status
        fresh = order.status == RefundStatus.APPROVED
        state = None if fresh else await self._rail.find_payment(order.key)
        if state is None:
            await self._mark(step, RefundStatus.SENT)
            state = await self._rail.pay(_instruction(order))
        return await self._apply(state, step.at)

    @activity.defn
    async def query_refund(self, step: RefundStep) -> str:
        """Ask the rail by key; never pays."""
        async with self._database.reading() as session:
            order = await refunds.refund_order(session, step.refund_id)
        if order.status in refunds.FINAL:
            return order.status
        state = await self._rail.find_payment(order.key)
        return await self._apply(state, step.at) if state is not None else "not_found"

    @activity.defn
    async def mark_refund_unknown(self, step: RefundStep) -> None:
        """Open the incident of a refund the rail says nothing about."""
        await self._mark(step, RefundStatus.UNKNOWN)

    async def _mark(self, step: RefundStep, status: RefundStatus) -> None:
        async with self._database.transaction() as session:
            await refunds.mark_refund(session, step.refund_id, status, step.at)

    async def _apply(self, state: PaymentState, at: datetime) -> str:
        async with self._database.transaction() as session:
            return await refunds.apply_refund_state(
                session, state.key, state.status, state.reference, state.reason, at
            )

    async def _match(self, step: MatchStep) -> Receipt:
        async with self._database.transaction() as session:
            return await suspense.match_receipt(session, step.command, step.at)

    async def _reverse(self, step: ReverseStep) -> Receipt:
        async with self._database.transaction() as session:
            return await suspense.reverse_posted(session, step.command, step.at)

    async def _propose(self, step: ProposeRefundStep) -> Receipt:
        async with self._database.transaction() as session:
            return await refunds.propose_refund(session, step.command, step.at)

    async def _decide(self, step: DecideRefundStep) -> Receipt:
        async with self._database.transaction() as session:
            return await refunds.decide_refund(session, step.command, step.at)


def _instruction(order: refunds.RefundOrder) -> PaymentInstruction:
    return PaymentInstruction(
        key=order.key,
        amount=order.amount,
        currency=order.currency,
        payee_name=order.payee_name,
        payee_account=order.payee_account,
        payee_bank_code=order.payee_bank_code,
        loan_id=order.case,
        purpose="refund",
    )
