"""Reading the inbox: each provider event gets its one effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from temporalio import activity

from activities.steps import Step
from domain.commands import InboxFact
from persistence import inbox
from persistence.engine import Database


@dataclass(frozen=True)
class InboxFacts:
    """The events of a loan that had their effect in this reading, in order."""

    facts: tuple[InboxFact, ...]


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
        async with self._database.reading() as session:
            waiting = await inbox.waiting_events(session, step.loan_id)
        facts = []
        for event_id in waiting:
            async with self._database.transaction() as session:
                fact = await inbox.take_effect(session, event_id, step.at)
            if fact is not None:
                facts.append(fact)
        return InboxFacts(tuple(facts))

    @activity.defn
    async def sweep_inbox(self, step: Step) -> Strays:
        """End what names no loan; name the loans whose events still wait."""
        async with self._database.reading() as session:
            strays = await inbox.stray_events(session, step.at - timedelta(seconds=10))
        ended = 0
        loans = {str(loan_id) for _, loan_id in strays if loan_id is not None}
        for event_id, loan_id in strays:
            if loan_id is None:
                async with self._database.transaction() as session:
                    await inbox.take_effect(session, event_id, step.at)
                ended += 1
        return Strays(tuple(sorted(loans)), ended)
