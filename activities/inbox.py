"""Reading the inbox: each provider event gets its one effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from temporalio import activity

from activities.steps import Step
from domain.commands import InboxFact
from domain.violations import LoanRuleViolation
from persistence import inbox
from persistence.customer_standing import standing_of_borrower
from persistence.engine import Database

_WORTH_A_BATCH = 2


@dataclass(frozen=True)
class InboxFacts:
    """What the events of a loan have come to so far: its envelopes' and its payouts' ends.

    `standing` says whether the bank lends to the borrower; it is empty in readings of before this
    was asked.
    """

    facts: tuple[InboxFact, ...]
    standing: str = ""


@dataclass(frozen=True)
class Strays:
    """Loans with events that nobody has taken up, and how many loanless ones were ended."""

    loan_ids: tuple[str, ...]
    ended: int


class InboxActivities:
    """Effects of provider events."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn
    async def read_inbox(self, step: Step) -> InboxFacts:
        """Give every waiting event of the loan its effect, each in a transaction of its own."""
        while await self._read_receipts(step):
            pass
        async with self._database.reading() as session:
            waiting = await inbox.waiting_events(session, step.loan_id)
        for event_id in waiting:
            async with self._database.transaction() as session:
                await inbox.take_effect(session, event_id, step.at)
        async with self._database.reading() as session:
            facts = await inbox.standing_facts(session, step.loan_id)
            return InboxFacts(facts, await standing_of_borrower(session, step.loan_id))

    async def _read_receipts(self, step: Step) -> bool:
        """Take a run of receipts at once; False when the next event is to be taken by itself."""
        async with self._database.reading() as session:
            waiting = await inbox.waiting_receipts(session, step.loan_id)
        if len(waiting) < _WORTH_A_BATCH:
            return False
        try:
            async with self._database.transaction() as session:
                await inbox.take_receipts(session, step.loan_id, waiting, step.at)
        except LoanRuleViolation:
            return False
        return True

    @activity.defn
    async def sweep_inbox(self, step: Step) -> Strays:
        """End what no process will take up; name the loans whose events still wait."""
        async with self._database.reading() as session:
            strays = await inbox.stray_events(session, step.at - timedelta(seconds=10))
        ownerless = [event_id for event_id, loan_id in strays if loan_id is None]
        for event_id in ownerless:
            async with self._database.transaction() as session:
                await inbox.take_effect(session, event_id, step.at)
        loans = {str(loan_id) for _, loan_id in strays if loan_id is not None}
        return Strays(tuple(sorted(loans)), len(ownerless))
