"""Steps of the application: submission, supplement, withdrawal, the end of a case."""

from __future__ import annotations

from temporalio import activity

from activities.refusals import answered, refusal
from activities.steps import EndStep, Step, SubmitStep, SupplementStep, WithdrawStep
from domain.commands import Receipt, Submission
from domain.violations import LoanRuleViolation
from persistence import submissions
from persistence.engine import Database
from persistence.envelopes import expire_envelopes
from persistence.stages import locked_loan


class ApplicationActivities:
    """Writes of the application slice."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn
    async def accept_submission(self, step: SubmitStep) -> Submission:
        """Make the draft a case, or answer with every gap."""
        try:
            async with self._database.transaction() as session:
                return await submissions.accept_submission(
                    session, step.start, step.command, step.at, step.version
                )
        except LoanRuleViolation as refused:
            return Submission(refusal(refused))

    @activity.defn
    async def record_supplement(self, step: SupplementStep) -> Receipt:
        """Take in what the customer's side supplies."""
        return await answered(self._supplement(step))

    @activity.defn
    async def withdraw_case(self, step: WithdrawStep) -> Receipt:
        """End the case at the customer's wish."""
        return await answered(self._withdraw(step))

    @activity.defn
    async def end_case(self, step: EndStep) -> None:
        """Close the case and take back what hangs on it."""
        async with self._database.transaction() as session:
            loan = await locked_loan(session, step.loan_id)
            await submissions.unwind(session, loan, step.status, step.reason, step.at, step.version)

    @activity.defn
    async def expire_envelopes(self, step: Step) -> None:
        """Shut the links whose time has passed."""
        async with self._database.transaction() as session:
            await expire_envelopes(session, step.loan_id, step.at)

    async def _supplement(self, step: SupplementStep) -> Receipt:
        async with self._database.transaction() as session:
            return await submissions.resubmit(session, step.command, step.at)

    async def _withdraw(self, step: WithdrawStep) -> Receipt:
        async with self._database.transaction() as session:
            return await submissions.withdraw(session, step.command, step.at, step.version)
