"""A test's world: one time-skipping engine, one worker with the real activities, one book."""

from __future__ import annotations

import asyncio
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client, WorkflowHandle, WorkflowHistory
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

import worker as product
from activities.housekeeping import History, HousekeepingActivities
from domain.commands import (
    Decide,
    ExtendDeadline,
    Receipt,
    Release,
    Submit,
    Supplement,
    Withdraw,
)
from domain.people import Actor
from domain.process import Stage, Verdict
from integrations.rail.messages import CollectionInstruction
from persistence.engine import Database
from persistence.tables import Drawdown, Envelope
from runner.temporal_server import SEARCH_ATTRIBUTES
from tests.workflows.book import Book
from tests.workflows.outside import StubRail, StubSources
from workflows.commands import LoanProcess, workflow_id
from workflows.inbox_sweep import InboxSweepWorkflow
from workflows.states import LoanEnd

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

    async def opened(self, **changes: str) -> UUID:
        """A complete draft, submitted."""
        draft = await self.book.draft(**changes)
        assert (await self.submitted(draft)).accepted
        return draft

    async def referred(self) -> UUID:
        """A case above the automatic limit, on the reviewer's desk."""
        loan_id = await self.opened(amount="1500000.00")
        await self.signed(loan_id, "authorisation")
        await self.at_stage(loan_id, Stage.REVIEW)
        return loan_id

    async def without_answer_of(self, source: str) -> UUID:
        """A case that went on to its reviewer although a source is silent."""
        self.sources.down.add(source)
        loan_id = await self.opened()
        await self.signed(loan_id, "authorisation")
        await self.at_stage(loan_id, Stage.DATA_COLLECTION)
        await self.skip(timedelta(seconds=30))
        await self.at_stage(loan_id, Stage.REVIEW)
        return loan_id

    async def sent(self, loan_id: UUID, purpose: str) -> Envelope:
        """The envelope, once it is out and the case waits for it."""
        await self.at_stage(loan_id, Stage(purpose))
        envelope: Envelope = await self.until(lambda: self.book.envelope(loan_id, purpose))
        return envelope

    async def signed(self, loan_id: UUID, purpose: str, outcome: str = "signed") -> None:
        """The signatory signs, and the loan is told to look."""
        await self.book.sign(await self.sent(loan_id, purpose), outcome)
        await self.process.look(loan_id)

    async def swept(self) -> int:
        """One sweep of the inbox, a little later."""
        await self.skip(timedelta(seconds=15))
        return await self.client.execute_workflow(
            InboxSweepWorkflow.run, id=f"sweep-{uuid.uuid4()}", task_queue=QUEUE
        )

    async def honoured(self, debit: CollectionInstruction) -> None:
        """The borrower's account covers a direct debit: the money arrives under its key."""
        loan_id = UUID(debit.loan_id)
        now, number = await self.now(), f"in-{debit.key}"
        await self.book.pay_in(loan_id, debit.amount, now, number, remittance=debit.key)
        await self.process.look(loan_id)

    async def dishonoured(self, debit: CollectionInstruction) -> None:
        """The borrower's account does not cover it."""
        data = {"key": debit.key, "reason": "AM04"}
        loan_id = UUID(debit.loan_id)
        await self.book.deliver("rail", "collection.failed", loan_id, data, f"no-{debit.key}")
        await self.process.look(loan_id)

    async def end_of(self, loan_id: UUID) -> LoanEnd:
        """How the loan's workflow ends, with all time it takes skipped."""
        handle = self.client.get_workflow_handle(workflow_id(loan_id), result_type=LoanEnd)
        skipping: Any = self.engine  # only the time-skipping kind can do the next
        async with skipping.time_skipping_unlocked():
            end: LoanEnd = await handle.result()
        return end

    async def runs(self, loan_id: UUID) -> list[WorkflowHistory]:
        """The histories of a loan's runs, oldest first."""
        found: list[WorkflowHistory] = []
        run_id: str | None = None
        while True:
            handle = self.client.get_workflow_handle(workflow_id(loan_id), run_id=run_id)
            found.insert(0, await handle.fetch_history())
            started = found[0].events[0].workflow_execution_started_event_attributes
            run_id = started.continued_execution_run_id
            if not run_id:
                return found

    async def withdrawn(self, loan_id: UUID, who: str = "manager") -> Receipt:
        """The customer's side withdraws."""
        actor = self.book.people[who]
        return await self.process.withdraw(Withdraw(str(uuid.uuid4()), loan_id, actor, "不贷了"))

    async def supplemented(self, loan_id: UUID, who: str = "manager") -> Receipt:
        """The customer's side answers a return."""

        async def asked() -> bool:
            return "supplement" in await self.book.open_tasks(loan_id)

        await self.until(asked)
        return await self.supplemented_again(loan_id, who)

    async def supplemented_again(self, loan_id: UUID, who: str = "manager") -> Receipt:
        """The customer's side answers, asked or not."""
        actor = self.book.people[who]
        return await self.process.supplement(
            Supplement(str(uuid.uuid4()), loan_id, actor, "补充说明")
        )

    async def extended(self, loan_id: UUID, days: int, who: str = "risk") -> Receipt:
        """A superior gives more time."""
        actor = self.book.people[who]
        return await self.process.extend_deadline(
            ExtendDeadline(str(uuid.uuid4()), loan_id, actor, days, "等待资料")
        )

    async def decided(
        self, loan_id: UUID, who: str, stage: Stage, verdict: Verdict = Verdict.APPROVE
    ) -> Receipt:
        """A person gives a verdict on the case as it stands."""
        await self.at_stage(loan_id, stage)
        return await self.process.decide(
            await self.opinion(loan_id, self.book.people[who], stage, verdict)
        )

    async def opinion(
        self, loan_id: UUID, actor: Actor, stage: Stage, verdict: Verdict = Verdict.APPROVE
    ) -> Decide:
        """A verdict as a person's page would send it."""
        loan = await self.book.loan(loan_id)
        return Decide(str(uuid.uuid4()), loan_id, actor, stage, verdict, "意见", loan.version)

    async def released(self, loan_id: UUID, who: str, wait: str, number: int = 1) -> Receipt:
        """A release officer signs the drawdown."""
        return await self.process.release(await self.release_of(loan_id, who, wait, number))

    async def release_of(self, loan_id: UUID, who: str, wait: str, number: int = 1) -> Release:
        """A release officer's signature, once the case waits for it."""

        async def waiting() -> Drawdown | None:
            loan = await self.book.loan(loan_id)
            if loan.wait_reason != wait:
                return None
            async with self.book.database.reading() as session:
                return await session.get(Drawdown, (loan_id, number))

        drawdown = await self.until(waiting)
        actor = self.book.people[who]
        return Release(str(uuid.uuid4()), loan_id, actor, number, drawdown.terms_sha256)

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

    async def until(self, read: Callable[[], Awaitable[Any]], seconds: float = 60) -> Any:
        """Poll the books until something is there. Real time, as the books are real."""
        async with asyncio.timeout(seconds):
            while not (found := await read()):  # noqa: ASYNC110 - rows raise no event
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

    async def paid(
        self, loan_id: UUID, amount: Decimal | str, number: str, currency: str = "CNY"
    ) -> None:
        """Money arrives that nobody asked for by debit, and the loan is told to look."""
        await self.book.pay_in(loan_id, amount, await self.now(), number, currency=currency)
        await self.process.look(loan_id)

    async def to_repayment(self, loan_id: UUID) -> None:
        """Take an automatically approved case to its first day in repayment."""
        await self.signed(loan_id, "authorisation")
        await self.signed(loan_id, "contract")
        await self.both_release(loan_id)
        await self.at_stage(loan_id, Stage.REPAYMENT)

    async def to_release(self, **changes: str) -> UUID:
        """An automatically approved case with a signed contract."""
        loan_id = await self.opened(**changes)
        await self.signed(loan_id, "authorisation")
        await self.signed(loan_id, "contract")
        await self.at_stage(loan_id, Stage.RELEASE)
        return loan_id

    async def both_release(self, loan_id: UUID, number: int = 1) -> None:
        """Both officers sign."""
        assert (await self.released(loan_id, "ops1", "release_review", number)).accepted
        assert (await self.released(loan_id, "ops2", "release_recheck", number)).accepted

    async def in_repayment(self, **changes: str) -> UUID:
        """A loan on its first day in repayment."""
        loan_id = await self.to_release(**changes)
        await self.both_release(loan_id)
        await self.at_stage(loan_id, Stage.REPAYMENT)
        return loan_id


@asynccontextmanager
async def opened_world(database: Database, histories: Path) -> AsyncIterator[World]:
    """A world of its own: the time-skipping clock is global to its server."""
    engine = await WorkflowEnvironment.start_time_skipping(
        data_converter=product.data_converter(),
        test_server_existing_path=str(Path(sys.executable).with_name("temporal-test-server")),
    )
    async with engine:
        await _filters_known(engine.client)
        book, rail, sources = Book(database), StubRail(), StubSources()
        await book.open()

        async def connected() -> Client:
            return engine.client

        process = LoanProcess(connected, QUEUE)
        housekeeping = HousekeepingActivities(
            database, process.look, _nothing_closed, histories, process.look_at_customer
        )
        methods = product.activity_methods(database, rail, sources, housekeeping, SECRET)  # type: ignore[arg-type]
        async with _worker(engine.client, methods):
            world = World(book, process, rail, sources, engine.client, engine)
            book.clock = engine.get_current_time
            rail.debited = world.honoured
            yield world


async def _filters_known(client: Client) -> None:
    keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
    request = AddSearchAttributesRequest(
        namespace=client.namespace, search_attributes=dict.fromkeys(SEARCH_ATTRIBUTES, keyword)
    )
    await client.operator_service.add_search_attributes(request)


async def _nothing_closed(_loan: UUID, _known: frozenset[str]) -> list[History]:
    return []  # this engine keeps no list of runs; the export is tested on the real one


def _worker(client: Client, methods: list[Callable[..., Any]]) -> Worker:
    return product.build_worker(client, QUEUE, methods)
