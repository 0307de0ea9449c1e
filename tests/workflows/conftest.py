"""One time-skipping engine, one worker with the real activities, one book: a test's world."""

from __future__ import annotations

import asyncio
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest_asyncio

from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

import worker as product
from domain.commands import Decide, Receipt, Release, Submit
from domain.process import Stage, Verdict
from persistence.engine import Database
from persistence.tables import Drawdown
from tests.workflows.book import Book
from tests.workflows.outside import StubRail, StubSources
from workflows.commands import LoanProcess, workflow_id

QUEUE = "loans-under-test"
SECRET = b"a secret of the tests"


@dataclass
class World:
    """Everything a process test touches."""

    book: Book
    process: LoanProcess
    rail: StubRail
    sources: StubSources
    client: Client
    engine: WorkflowEnvironment

    async def submitted(self, draft_id: UUID) -> Receipt:
        """The customer manager submits."""
        command = Submit(str(uuid.uuid4()), draft_id, self.book.people["manager"])
        return await self.process.submit(command)

    async def signed(self, loan_id: UUID, purpose: str) -> None:
        """The signatory signs, and the loan is told to look."""
        envelope = await self.until(lambda: self.book.envelope(loan_id, purpose))
        await self.book.sign(envelope)
        await self.process.look(loan_id)

    async def decided(
        self, loan_id: UUID, who: str, stage: Stage, verdict: Verdict = Verdict.APPROVE
    ) -> Receipt:
        """A person gives a verdict on the case as it stands."""
        loan = await self.at_stage(loan_id, stage)
        actor = self.book.people[who]
        return await self.process.decide(
            Decide(str(uuid.uuid4()), loan_id, actor, stage, verdict, "意见", loan.version)
        )

    async def released(self, loan_id: UUID, who: str, wait: str, number: int = 1) -> Receipt:
        """A release officer signs the drawdown."""

        async def waiting() -> Drawdown | None:
            loan = await self.book.loan(loan_id)
            if loan.wait_reason != wait:
                return None
            async with self.book.database.reading() as session:
                return await session.get(Drawdown, (loan_id, number))

        drawdown = await self.until(waiting)
        actor = self.book.people[who]
        return await self.process.release(
            Release(str(uuid.uuid4()), loan_id, actor, number, drawdown.terms_sha256)
        )

    async def at_stage(self, loan_id: UUID, stage: Stage, settled_in: bool = True) -> Any:
        """The case's row once it has reached a stage."""

        async def reached() -> Any:
            loan = await self.book.maybe_loan(loan_id)
            return loan if loan is not None and loan.stage == stage else None

        return await self.until(reached)

    async def ended(self, loan_id: UUID) -> Any:
        """The case's row once its status is final."""

        async def closed() -> Any:
            loan = await self.book.maybe_loan(loan_id)
            return loan if loan is not None and loan.status != "active" else None

        return await self.until(closed)

    async def until(self, read: Callable[[], Awaitable[Any]], seconds: float = 20) -> Any:
        """Poll the books until something is there. Real time, as the books are real."""
        async with asyncio.timeout(seconds):
            while not (found := await read()):
                await asyncio.sleep(0.02)
        return found

    async def skip(self, span: timedelta) -> None:
        """Let engine time pass."""
        await self.engine.sleep(span)

    async def now(self) -> datetime:
        """The engine's time."""
        return await self.engine.get_current_time()

    def handle(self, loan_id: UUID) -> WorkflowHandle[Any, Any]:
        """The loan's workflow."""
        return self.client.get_workflow_handle(workflow_id(loan_id))

    async def to_repayment(self, loan_id: UUID) -> None:
        """Take an automatically approved case to its first day in repayment."""
        await self.signed(loan_id, "authorisation")
        await self.signed(loan_id, "contract")
        assert (await self.released(loan_id, "ops1", "release_review")).accepted
        assert (await self.released(loan_id, "ops2", "release_recheck")).accepted
        await self.at_stage(loan_id, Stage.REPAYMENT)


@asynccontextmanager
async def opened_world(database: Database, histories: Path) -> AsyncIterator[World]:
    """A world of its own: the time-skipping clock is global to its server."""
    engine = await WorkflowEnvironment.start_time_skipping(
        data_converter=product.data_converter(),
        test_server_existing_path=str(Path(sys.executable).with_name("temporal-test-server")),
    )
    async with engine:
        book, rail, sources = Book(database), StubRail(), StubSources()
        await book.open()
        housekeeping = product.housekeeping_of(engine.client, database, QUEUE, histories)
        methods = product.activity_methods(database, rail, sources, housekeeping, SECRET)  # type: ignore[arg-type]

        async def connected() -> Client:
            return engine.client

        async with _worker(engine.client, methods):
            process = LoanProcess(connected, QUEUE)
            yield World(book, process, rail, sources, engine.client, engine)


def _worker(client: Client, methods: list[Callable[..., Any]]) -> Worker:
    return product.build_worker(client, QUEUE, methods)


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    """A fresh world for one test."""
    async with opened_world(database, tmp_path / "histories") as opened:
        yield opened
