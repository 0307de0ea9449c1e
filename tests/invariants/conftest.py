"""A small real book on the real engine: loans in repayment, settled, withdrawn, drawn in parts."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest_asyncio
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, create_async_engine
from sqlmodel import col
from temporalio.client import Client

import worker as product
from domain.commands import Withdraw
from domain.process import Stage
from persistence.anchors import AnchorFile
from persistence.audit import chain_pending
from persistence.document_store import DocumentStore
from persistence.engine import Database
from persistence.tables import Document
from runner.temporal_server import NAMESPACE, dev_server
from runner.verify import Equipment, Verdict, verdict_of
from tests.conftest import _execute, _sqlalchemy, free_port
from tests.persistence.limit_book import LimitBook
from tests.workflows import test_later_drawdowns as later_drawdowns
from tests.workflows.book import Book
from tests.workflows.conftest import QUEUE, SECRET, World
from tests.workflows.outside import StubRail, StubSources
from workflows.commands import LoanProcess


class OneTransaction(Database):
    """All sessions within one open transaction, which the test's end takes back."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        async with AsyncSession(
            self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        ) as session:
            yield session

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        async with self.reading() as session, session.begin():
            yield session
            await chain_pending(session)


class Tampered(Equipment):
    """A book that is tampered with: its one instant is the test's own transaction."""

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncSession]:
        async with self.database.reading() as session:
            yield session


@dataclass
class ProvenBook:
    """A clean book with everything a check asks."""

    equipment: Equipment
    world: World
    repaying: UUID
    settled: UUID
    withdrawn: UUID
    in_parts: UUID
    """Its second part is paid out, a third lies on the first release officer's desk."""
    frozen: str = ""

    async def hash_of_a_document(self, loan_id: UUID) -> str:
        """The hash of a document of a loan."""
        async with self.equipment.database.reading() as session:
            statement = select(col(Document.sha256)).where(col(Document.draft_id) == loan_id)
            return (await session.execute(statement.limit(1))).scalar_one()

    async def name_of(self, loan_id: UUID) -> str:
        """A loan's case number."""
        return (await self.world.book.loan(loan_id)).case_number

    async def verdict(self, invariant: str) -> Verdict:
        """One invariant, judged now."""
        return await verdict_of(invariant, self.equipment, _no_tick, lambda: datetime.now(UTC))

    async def codes(self, invariant: str) -> dict[str, set[str]]:
        """What breaks: the subjects by code."""
        verdict = await self.verdict(invariant)
        assert verdict.unreachable is None
        found: dict[str, set[str]] = {}
        for item in verdict.breaks:
            found.setdefault(item.code, set()).add(item.subject)
        return found

    async def break_it(self, *statements: str, **values: Any) -> None:
        """Change rows past every trigger and check, as only the database's owner can."""
        assert isinstance(self.equipment.database, OneTransaction)
        connection = self.equipment.database.connection
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            named = {k: v for k, v in values.items() if f":{k}" in statement}
            await connection.execute(text(statement), named)


def _no_tick(_done: int, _total: int) -> None:
    return None


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def clean_book(
    postgres_server: str, template_database: str, tmp_path_factory: Any
) -> AsyncIterator[tuple[ProvenBook, str]]:
    """The book every test copies: made once, as the engine and its worker take seconds."""
    home: Path = tmp_path_factory.mktemp("proof")
    name = f"proof_{uuid.uuid4().hex[:8]}"
    _execute(postgres_server, f'CREATE DATABASE "{name}" TEMPLATE "{template_database}"')
    database = Database(_sqlalchemy(postgres_server.rsplit("/", 1)[0] + f"/{name}"), pool_size=8)
    async with dev_server(home, free_port(), None) as target:
        client = await Client.connect(
            target, namespace=NAMESPACE, data_converter=product.data_converter()
        )
        world = await _world(client, database, home)
        methods = product.activity_methods(
            database,
            world.rail,  # type: ignore[arg-type]
            world.sources,  # type: ignore[arg-type]
            product.housekeeping_of(client, database, QUEUE, home / "histories"),
            SECRET,
        )
        equipment = Equipment(
            database,
            client,
            world.rail,  # type: ignore[arg-type]
            DocumentStore(home / "documents"),
            AnchorFile(home / "anchors" / "audit.jsonl"),
            home / "histories",
        )
        async with product.build_worker(client, QUEUE, methods):
            book = await _lived(world, equipment)
        # between two workers nobody is connected, however loaded the machine
        frozen = await _frozen(postgres_server, name, database)
        async with product.build_worker(client, QUEUE, methods):
            yield book, frozen
    await database.close()


@pytest_asyncio.fixture(loop_scope="session")
async def proven(clean_book: tuple[ProvenBook, str], tmp_path: Path) -> AsyncIterator[ProvenBook]:
    """The clean book inside one transaction: what a test breaks is whole again after it."""
    book, frozen = clean_book
    given, engine = book.equipment, create_async_engine(frozen)
    async with engine.connect() as connection:
        whole = await connection.begin()
        database = OneTransaction(connection)
        anchors = AnchorFile(tmp_path / "audit.jsonl")
        equipment = Tampered(
            database, given.client, given.rail, given.documents, anchors, given.histories, 0.1
        )
        world = replace(book.world, book=replace(book.world.book, database=database))
        yield replace(book, equipment=equipment, world=world, frozen=frozen)
        await whole.rollback()
    await engine.dispose()


async def _frozen(server: str, name: str, database: Database) -> str:
    """A copy of the book; call it while no worker runs."""
    await database.engine.dispose()
    async with asyncio.timeout(60):
        while True:
            try:
                _execute(server, f'CREATE DATABASE "{name}_frozen" TEMPLATE "{name}"')
            except psycopg.errors.ObjectInUse:  # a backend ends a moment after its client
                await asyncio.sleep(0.1)
            else:
                return _sqlalchemy(server.rsplit("/", 1)[0] + f"/{name}_frozen")


async def _world(client: Client, database: Database, home: Path) -> World:
    async def connected() -> Client:
        return client

    book = Book(database)
    await book.open()
    process = LoanProcess(connected, QUEUE)
    return World(book, process, StubRail(), StubSources(), client, None)  # type: ignore[arg-type]


async def _lived(world: World, equipment: Equipment) -> ProvenBook:
    limits = LimitBook(world.book, equipment.database, datetime.now(UTC).date())
    await limits.set_limit("customer", "5000000.00")
    settled = await _drafted(world, equipment.documents, "1")
    repaying = await _drafted(world, equipment.documents, "12")
    withdrawn = await _drafted(world, equipment.documents, "12")
    for draft in (settled, repaying, withdrawn):
        assert (await world.submitted(draft)).accepted
    await world.to_repayment(settled)
    await _repaid(world, settled)
    await world.to_repayment(repaying)
    await world.at_stage(withdrawn, Stage.AUTHORISATION)
    manager = world.book.people["manager"]
    command = Withdraw(str(uuid.uuid4()), withdrawn, manager, "customer_wish")
    assert (await world.process.withdraw(command)).accepted
    await world.ended(withdrawn)
    in_parts = await _drawn_in_parts(world, equipment.documents)
    return ProvenBook(equipment, world, repaying, settled, withdrawn, in_parts)


async def _drawn_in_parts(world: World, documents: DocumentStore) -> UUID:
    loan_id = await _drafted(world, documents, "12", **later_drawdowns.IN_PARTS)
    assert (await world.submitted(loan_id)).accepted
    await world.to_repayment(loan_id)
    assert (await later_drawdowns.asked(world, loan_id)).accepted
    await later_drawdowns.both_sign(world, loan_id)
    await later_drawdowns.ended(world, loan_id, "settled")
    assert (await later_drawdowns.asked(world, loan_id, Decimal("50000.00"))).accepted
    await world.until(lambda: world.book.open_tasks(loan_id))
    return loan_id


async def _drafted(world: World, documents: DocumentStore, tenor: str, **fields: str) -> UUID:
    """A complete draft whose documents have bytes."""
    draft_id = await world.book.draft(tenor_months=tenor, **fields)
    sha256 = await documents.put(f"%PDF-1.4 {draft_id}".encode())
    async with world.book.database.transaction() as session:
        filed = update(Document).where(col(Document.draft_id) == draft_id)
        await session.execute(filed.values(sha256=sha256))
    return draft_id


async def _repaid(world: World, loan_id: UUID) -> None:
    """The one instalment's day comes, and it is paid on time."""
    loan = await world.book.loan(loan_id)
    assert loan.next_due_on is not None
    await _move_to(world, loan.next_due_on)
    await world.process.look(loan_id)

    async def billed() -> Decimal | None:
        async with world.book.database.reading() as session:
            found = await session.execute(
                text(
                    "SELECT principal + interest FROM instalment"
                    " WHERE loan_id = :loan AND billed_at IS NOT NULL"
                ),
                {"loan": loan_id},
            )
            return found.scalar_one_or_none()

    owed = await world.until(billed)
    await world.book.pay_in(loan_id, owed, datetime.now(UTC), "TX-1")
    await world.process.look(loan_id)
    await world.ended(loan_id)
    await _move_to(world, datetime.now(UTC).date())


async def _move_to(world: World, day: date) -> None:
    """From now on it is another business day, noon."""
    noon = datetime.now(UTC) - timedelta(hours=12)
    async with world.book.database.transaction() as session:
        await session.execute(
            text(
                "INSERT INTO clock_segment (epoch_at, epoch_on, day_seconds)"
                " VALUES (:at, :day, 86400)"
            ),
            {"at": noon, "day": day},
        )
