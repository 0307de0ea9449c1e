"""`corploan import-book FILE`: each line of a loan file, from application to decision.

The lines are judged by the running product, several at a time; running the same file again takes
up where it was left and imports nothing twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import TypeGuard
from uuid import UUID, uuid5

import psycopg
from rich.console import Console
from sqlalchemy.exc import DBAPIError
from temporalio.client import Client

import worker
from config import Settings
from domain.applications import check_draft
from domain.commands import Receipt, Submit
from domain.people import Actor
from domain.products import ProductRules
from domain.violations import LoanRuleViolation, ProcessUnavailable
from persistence.clock import business_date
from persistence.engine import Database
from persistence.imports import Standing, importer, known_imports, standings, take_in
from persistence.rules import product_in_force
from runner.import_book_file import (
    PRODUCT,
    Application,
    BookUnreadable,
    Refusal,
    count_lines,
    read_book,
    refusal_of,
)
from runner.import_book_report import Report
from runner.refusal import StartRefused
from workflows.commands import LoanProcess

ALL_ACCEPTED, UNREADABLE, SOME_REFUSED = 0, 2, 3
IN_FLIGHT = 24
BLOCK = 100
POLL_SECONDS = 0.25
PATIENCE_SECONDS = 120.0
ATTEMPTS = 5
_NOT_RUNNING = "Start the product (`make run`), then run this again: nothing is imported twice."

Judged = Application | Refusal


async def import_book(settings: Settings, path: Path, console: Console | None = None) -> int:
    """Import a file and print the summary; the exit status for the shell."""
    console = console or Console(highlight=False)
    try:
        total = count_lines(path)
        lines = read_book(path)
        first = next(lines, None)
    except BookUnreadable as cause:
        console.print(str(cause), style="red", markup=False)
        return UNREADABLE
    with Report(console, total) as report:
        async with _running_product(settings) as (database, process):
            await import_lines(database, process, report, _all(first, lines))
    report.print_summary()
    return SOME_REFUSED if report.refusals else ALL_ACCEPTED


async def import_lines(
    database: Database, process: LoanProcess, report: Report, lines: Iterable[Judged]
) -> None:
    """Take each line to its decision. Raises StartRefused when the product stops answering."""
    importing = await _Import.of(database, process, report)
    await importing.run(lines)


def _all(first: Judged | None, rest: Iterator[Judged]) -> Iterator[Judged]:
    if first is not None:
        yield first
        yield from rest


@asynccontextmanager
async def _running_product(settings: Settings) -> AsyncIterator[tuple[Database, LoanProcess]]:
    """The database and the engine of the settings, or a clear word that they are not there."""
    try:
        client = await worker.connect(settings)
    except RuntimeError:
        where = settings.temporal_target
        raise StartRefused(f"No Temporal server answers at {where}. {_NOT_RUNNING}") from None

    async def connected() -> Client:
        return client

    database = Database(settings.sqlalchemy_url)
    try:
        yield database, LoanProcess(connected, settings.task_queue)
    finally:
        await database.close()


class _Import:
    """One run over one file."""

    def __init__(
        self,
        database: Database,
        process: LoanProcess,
        report: Report,
        officer: Actor,
        product: ProductRules,
    ) -> None:
        self._database, self._process, self._report = database, process, report
        self._officer, self._product = officer, product
        self._waiting: dict[UUID, asyncio.Future[Standing]] = {}

    @classmethod
    async def of(cls, database: Database, process: LoanProcess, report: Report) -> _Import:
        """Ready to import: the officer has an account, the product is on offer."""
        now = datetime.now(UTC)
        try:
            async with database.transaction() as session:
                today = await business_date(session, now)
                product = await product_in_force(session, PRODUCT, today)
                officer = await importer(session, now)
        except (DBAPIError, psycopg.Error):
            raise StartRefused(f"The database does not answer. {_NOT_RUNNING}") from None
        except LoanRuleViolation as violation:
            raise StartRefused(f"Nothing can be imported: {violation.code}.") from None
        return cls(database, process, report, officer, product)

    async def run(self, lines: Iterable[Judged]) -> None:
        """Everything to its decision, or StartRefused when the product stops answering."""
        ready: asyncio.Queue[Application | None] = asyncio.Queue(IN_FLIGHT)
        tasks = [asyncio.create_task(self._lane(ready)) for _ in range(IN_FLIGHT)]
        tasks.append(asyncio.create_task(self._prepare(lines, ready)))
        watch = asyncio.create_task(self._watch())
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in (watch, *tasks):
                task.cancel()
            await asyncio.wait([watch, *tasks])

    async def _prepare(
        self, lines: Iterable[Judged], ready: asyncio.Queue[Application | None]
    ) -> None:
        iterator = iter(lines)
        while block := list(islice(iterator, BLOCK)):
            for application in await self._taken_in(block):
                await ready.put(application)
        for _ in range(IN_FLIGHT):
            await ready.put(None)

    async def _taken_in(self, block: Iterable[Judged]) -> list[Application]:
        """Refuse what the rules refuse, leave out what is there, keep the rest as drafts."""
        now = datetime.now(UTC)
        async with self._database.transaction() as session:
            today = await business_date(session, now)
            fit = [line for line in block if self._fits(line, today)]
            known = await known_imports(session, [line.row.draft_id for line in fit])
            new = []
            for line in fit:
                before = known.get(line.row.draft_id)
                if before is None or not before.submitted:
                    new.append(line)
                elif before.fields == line.row.fields:
                    self._report.already_there()
                else:
                    self._report.refuse(Refusal(line.line, "row.differs"))
            await take_in(session, [line.row for line in new], self._officer, now)
        return new

    def _fits(self, line: Judged, today: date) -> TypeGuard[Application]:
        """Whether a line makes a complete application; if not, every reason is reported."""
        if isinstance(line, Refusal):
            self._report.refuse(line)
            return False
        check = check_draft(line.row.fields, {}, [], self._product, today)
        if check.findings:
            self._report.refuse(*(refusal_of(line.line, found) for found in check.findings))
        return not check.findings

    async def _lane(self, ready: asyncio.Queue[Application | None]) -> None:
        while (application := await ready.get()) is not None:
            decided = asyncio.get_running_loop().create_future()
            loan_id = application.row.draft_id
            receipt = await self._submitted(loan_id)
            if not receipt.accepted:
                self._report.refuse(*_refusals(application.line, receipt))
                continue
            self._waiting[loan_id] = decided
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    self._report.decide(await decided)
            except TimeoutError:
                raise StartRefused(f"The workers no longer decide. {_NOT_RUNNING}") from None

    async def _submitted(self, loan_id: UUID) -> Receipt:
        """Submit under a key of its own, so that asking again is asking once."""
        command = Submit(str(uuid5(loan_id, "import")), loan_id, self._officer)
        for attempt in range(ATTEMPTS):
            try:
                return await self._process.submit(command, origin="import")
            except ProcessUnavailable:
                await asyncio.sleep(attempt)
        raise StartRefused(f"The workers do not answer. {_NOT_RUNNING}")

    async def _watch(self) -> None:
        """One question for all cases in flight, a few times a second."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            if not self._waiting:
                continue
            async with self._database.reading() as session:
                found = await standings(session, list(self._waiting))
            for loan_id, standing in found.items():
                self._waiting.pop(loan_id).set_result(standing)


def _refusals(line: int, receipt: Receipt) -> list[Refusal]:
    found = [refusal_of(line, finding) for finding in receipt.findings]
    return found or [Refusal(line, receipt.code, params=receipt.params)]
