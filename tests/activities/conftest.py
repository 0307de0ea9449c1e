"""Activities on the real database, run as the worker runs them, with no engine around."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest_asyncio
from temporalio.testing import ActivityEnvironment

from activities.applications import ApplicationActivities
from activities.credit import CreditActivities
from activities.inbox import InboxActivities
from activities.payments import PaymentActivities
from activities.signatures import SignatureActivities
from activities.sources import SourceActivities
from activities.steps import DeskStep, ReleaseDeskStep, SourceStep, Step, SubmitStep
from domain.commands import LoanStart, Submit
from domain.process import Stage, TaskKind
from persistence.engine import Database
from tests.workflows.book import Book
from tests.workflows.outside import StubRail, StubSources

SECRET = b"a secret of the tests"


@dataclass
class Desk:
    """The steps of one case, taken by hand."""

    book: Book
    rail: StubRail
    database: Database
    version: int = 0

    def step(self, loan_id: UUID) -> Step:
        """The next step of a case."""
        self.version += 1
        return Step(loan_id, datetime.now(UTC), self.version)

    async def run(self, activity: Any, *arguments: Any) -> Any:
        """One attempt of an activity."""
        return await ActivityEnvironment().run(activity, *arguments)

    async def submitted(self, amount: str = "600000.00") -> UUID:
        """A case just submitted."""
        loan_id = await self.book.draft(amount=amount)
        command = Submit(str(uuid.uuid4()), loan_id, self.book.people["manager"])
        step = self.step(loan_id)
        accepted = await self.run(
            ApplicationActivities(self.database).accept_submission,
            SubmitStep(LoanStart(loan_id), command, step.at, step.version),
        )
        assert accepted.receipt.accepted
        return loan_id

    async def authorised(self, amount: str = "600000.00") -> UUID:
        """A case whose authorisation is signed."""
        loan_id = await self.submitted(amount)
        signatures = SignatureActivities(self.database, SECRET)
        await self.run(signatures.open_authorisation, self.step(loan_id))
        await self.signed(loan_id, "authorisation")
        return loan_id

    async def signed(self, loan_id: UUID, purpose: str) -> Any:
        """The signatory signs, and the inbox is read."""
        envelope = await self.book.envelope(loan_id, purpose)
        assert envelope is not None
        await self.book.sign(envelope)
        return await self.run(InboxActivities(self.database).read_inbox, self.step(loan_id))

    async def judged(self, amount: str = "600000.00") -> UUID:
        """A case with its sources compared and the engine's verdict."""
        loan_id = await self.authorised(amount)
        sources = SourceActivities(self.database, StubSources())  # type: ignore[arg-type]
        asked = await self.run(sources.open_collection, self.step(loan_id))
        for source in asked.sources:
            at = datetime.now(UTC)
            await self.run(sources.query_source, SourceStep(loan_id, source, at))
        await self.run(sources.close_collection, self.step(loan_id))
        await self.run(CreditActivities(self.database).rate_and_decide, self.step(loan_id))
        self.version += 1
        return loan_id

    async def at_review(self) -> UUID:
        """A referred case on the reviewer's desk."""
        loan_id = await self.judged("1500000.00")
        step = self.step(loan_id)
        await self.run(
            CreditActivities(self.database).open_desk,
            DeskStep(loan_id, Stage.REVIEW, step.at, step.version),
        )
        return loan_id

    async def at_release(self, kind: TaskKind = TaskKind.RELEASE_REVIEW) -> UUID:
        """A case with a signed contract on the first release desk."""
        loan_id = await self.judged()
        signatures = SignatureActivities(self.database, SECRET)
        await self.run(signatures.open_contract, self.step(loan_id))
        await self.signed(loan_id, "contract")
        await self.opened_release(loan_id, kind)
        return loan_id

    async def opened_release(self, loan_id: UUID, kind: TaskKind) -> None:
        """Open a release desk."""
        step = self.step(loan_id)
        await self.run(
            self.payments.open_release,
            ReleaseDeskStep(loan_id, kind, 1, step.at, step.version),
        )

    @property
    def payments(self) -> PaymentActivities:
        """The activities of the disbursement slice."""
        return PaymentActivities(self.database, self.rail)  # type: ignore[arg-type]


@pytest_asyncio.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    """A book with its staff and the hands to move a case."""
    book = Book(database)
    await book.open()
    yield Desk(book, StubRail(), database)
