"""Judging a case: the engine's verdict and people's."""

from __future__ import annotations

from temporalio import activity

from activities.refusals import answered
from activities.steps import DecideStep, DeskStep, Step
from domain.commands import OpenWait, Receipt
from persistence import credit_decisions
from persistence.credit_decisions import EngineVerdict
from persistence.engine import Database


class CreditActivities:
    """Writes of the decision slice. Rules live here and in data, never in a workflow."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn
    async def rate_and_decide(self, step: Step) -> EngineVerdict:
        """Score the case and judge it by the policy in force."""
        async with self._database.transaction() as session:
            return await credit_decisions.rate_and_decide(
                session, step.loan_id, step.at, step.version
            )

    @activity.defn
    async def open_desk(self, step: DeskStep) -> OpenWait:
        """Lay the case on a desk."""
        async with self._database.transaction() as session:
            return await credit_decisions.open_desk(
                session, step.loan_id, step.stage, step.at, step.version
            )

    @activity.defn
    async def open_supplement(self, step: Step) -> OpenWait:
        """Give the file back to the customer's side."""
        async with self._database.transaction() as session:
            return await credit_decisions.open_supplement(
                session, step.loan_id, step.at, step.version
            )

    @activity.defn
    async def resume_desk(self, step: DeskStep) -> OpenWait:
        """Take the file up again where it was returned."""
        async with self._database.transaction() as session:
            return await credit_decisions.resume_desk(
                session, step.loan_id, step.stage, step.at, step.version
            )

    @activity.defn
    async def record_decision(self, step: DecideStep) -> Receipt:
        """Record a person's verdict under the law."""
        return await answered(self._decide(step))

    async def _decide(self, step: DecideStep) -> Receipt:
        async with self._database.transaction() as session:
            return await credit_decisions.record_decision(session, step.command, step.at)
