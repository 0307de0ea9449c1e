"""A fixing: decided by a second person, then brought to the loans that follow its index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from temporalio import activity

from activities.refusals import answered
from domain.commands import Receipt
from domain.rates import DecideFixing
from persistence.engine import Database
from persistence.rates import decide_fixing
from persistence.repricing import reprice_some


@dataclass(frozen=True)
class DecideFixingStep:
    """Record a verdict on a proposed fixing."""

    command: DecideFixing
    at: datetime


@dataclass(frozen=True)
class RepriceStep:
    """Reprice the next loans behind one."""

    fixing_id: UUID
    after: UUID | None
    at: datetime


@dataclass(frozen=True)
class RepriceResult:
    """How far it came; `after` None when all loans have been looked at."""

    after: UUID | None
    loans: int


class RateActivities:
    """Writes of the rates' slice."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn
    async def decide_fixing(self, step: DecideFixingStep) -> Receipt:
        """Approve or reject."""
        return await answered(self._decide(step))

    @activity.defn
    async def reprice_loans(self, step: RepriceStep) -> RepriceResult:
        """A few loans take the fixing."""
        found = await reprice_some(self._database, step.fixing_id, step.after, step.at)
        return RepriceResult(found.after, found.loans)

    async def _decide(self, step: DecideFixingStep) -> Receipt:
        asked = step.command
        async with self._database.transaction() as session:
            await decide_fixing(
                session, asked.fixing_id, approve=asked.approve, actor=asked.actor, at=step.at
            )
        return Receipt(accepted=True)
