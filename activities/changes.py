"""Changes of a running loan: proposed, decided, withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from temporalio import activity

from activities.refusals import answered
from domain.changes.commands import DecideChange, ProposeChange, WithdrawChange
from domain.commands import Receipt
from persistence import changes
from persistence.engine import Database


@dataclass(frozen=True)
class ProposeChangeStep:
    """Record a proposal."""

    command: ProposeChange
    at: datetime


@dataclass(frozen=True)
class DecideChangeStep:
    """Record a verdict on a proposal."""

    command: DecideChange
    at: datetime


@dataclass(frozen=True)
class WithdrawChangeStep:
    """Take a proposal back."""

    command: WithdrawChange
    at: datetime


class ChangeActivities:
    """Writes of the change slice."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn
    async def propose_change(self, step: ProposeChangeStep) -> Receipt:
        """Lay a change before its approvers."""
        return await answered(self._propose(step))

    @activity.defn
    async def decide_change(self, step: DecideChangeStep) -> Receipt:
        """Approve or reject; the last approval changes the account in the same transaction."""
        return await answered(self._decide(step))

    @activity.defn
    async def withdraw_change(self, step: WithdrawChangeStep) -> Receipt:
        """The proposer takes it back."""
        return await answered(self._withdraw(step))

    async def _propose(self, step: ProposeChangeStep) -> Receipt:
        async with self._database.transaction() as session:
            return await changes.propose_change(session, step.command, step.at)

    async def _decide(self, step: DecideChangeStep) -> Receipt:
        async with self._database.transaction() as session:
            return await changes.decide_change(session, step.command, step.at)

    async def _withdraw(self, step: WithdrawChangeStep) -> Receipt:
        async with self._database.transaction() as session:
            return await changes.withdraw_change(session, step.command, step.at)
