"""Making the demo book: ten weeks of a small bank's life in about two minutes.

The clock of the empty book is set back, the older loans are paid out on that day, and business
days pass at one a second until the calendar's own date is reached. From then on the asked pace
holds and today's cases are made. What is cut short is taken up by the next start.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
from temporalio.client import Client

import worker
from config import Settings, load_secrets
from domain.changes import Change, ChangeKind
from persistence import demo_book
from persistence.clock import set_pace
from persistence.document_store import DocumentStore
from persistence.engine import Database
from persistence.notes import follow_pace
from runner.demo.desk import KEEPER, PATIENCE_SECONDS, REVIEWER, Desk, actor
from runner.demo.firms import DemoCase, demo_cases
from runner.demo.roads import ROADS
from runner.demo.synthetic import SyntheticFirm, synthetic_firms
from runner.demo.synthetic.borrowing import borrowing_cases
from runner.demo.synthetic.putting import put_synthetic
from runner.progress import Progress
from workflows.commands import LoanProcess

DAYS_AGO = 70
FIRMS = 220
FAST_DAY_SECONDS = 1
AT_ONCE = 4


async def make_book(settings: Settings, database: Database, progress: Progress) -> None:
    """Make what is missing of the demo book."""
    async with _desk(settings, database) as desk:
        async with database.transaction() as session:
            if not await demo_book.is_unfinished(session):
                await demo_book.begin(session, datetime.now(UTC), DAYS_AGO)
        firms = synthetic_firms(FIRMS, await desk.today() + timedelta(days=DAYS_AGO))
        await _put(desk, firms, progress)
        await _make(desk, (*_cases("past"), *borrowing_cases(firms)))
        await _days_pass(desk, progress)
        await _make(desk, _cases("today"))
        await _asks(desk)
        await _close_days(desk)
        await _watch(desk, firms)
        async with database.transaction() as session:
            demo_book.finish(session, datetime.now(UTC))


async def _days_pass(desk: Desk, progress: Progress) -> None:
    """Run the fast days; whoever stops in the middle stops the days too."""
    arrived = False
    try:
        await _run_at(desk, FAST_DAY_SECONDS)
        await _make(desk, _cases("running"))
        with progress.console.status("Demo book: ten weeks pass"):
            while not (arrived := await _arrived(desk)):
                await _let_money_arrive(desk)
                await asyncio.sleep(0.1)
        await _follow_pace(desk)
    finally:
        if not arrived:
            await _run_at(desk, demo_book.REAL_DAY_SECONDS)


async def _let_money_arrive(desk: Desk) -> None:
    """No day passes while direct debits are on their way: in seconds they would be days late."""
    if not await _money_moves(desk):
        return
    await _run_at(desk, demo_book.REAL_DAY_SECONDS)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await _money_moves(desk):  # noqa: ASYNC110 - rows raise no event
                await asyncio.sleep(0.1)
    except TimeoutError:
        pass  # what does not come in by then is late, as it would be
    await _run_at(desk, FAST_DAY_SECONDS)


async def _money_moves(desk: Desk) -> bool:
    async with desk.database.reading() as session:
        return await demo_book.money_moves(session, datetime.now(UTC))


async def _close_days(desk: Desk) -> None:
    """The fast days are closed now: by itself the bank closes days after midnight."""
    while await desk.process.close_days():
        pass


async def _run_at(desk: Desk, day_seconds: int) -> None:
    async with desk.database.transaction() as session:
        await set_pace(session, datetime.now(UTC), day_seconds)
    await _follow_pace(desk)


async def _follow_pace(desk: Desk) -> None:
    async with desk.database.transaction() as session:
        await follow_pace(session)
    await desk.look()


async def _arrived(desk: Desk) -> bool:
    async with desk.database.transaction() as session:
        pace = desk.settings.day_seconds
        return await demo_book.arrive_today(session, datetime.now(UTC), pace)


async def _put(desk: Desk, firms: Sequence[SyntheticFirm], progress: Progress) -> None:
    with progress.console.status("Demo book: firms that do not exist"):
        await put_synthetic(desk.database, firms, actor(KEEPER), actor(REVIEWER))


async def _watch(desk: Desk, firms: Sequence[SyntheticFirm]) -> None:
    """Everybody is watched; the tax office and the bank know better than those who lie."""
    odd = {firm.number.value for firm in firms if firm.fraud is not None}
    for number in sorted(odd):
        for source in ("tax", "bank_flow"):
            await desk.source_contradicts(number, source)
    async with desk.database.transaction() as session:
        customers = await demo_book.put_on_agenda(session, odd, datetime.now(UTC))
    room = asyncio.Semaphore(AT_ONCE)

    async def tell(customer_id: UUID) -> None:
        async with room:
            await desk.process.look_at_customer(customer_id)

    await asyncio.gather(*(tell(customer_id) for customer_id in customers))


def _cases(when: str) -> tuple[DemoCase, ...]:
    return tuple(case for case in demo_cases() if case.when == when)


async def _make(desk: Desk, cases: Sequence[DemoCase]) -> None:
    room = asyncio.Semaphore(AT_ONCE)

    async def make(case: DemoCase) -> None:
        async with room:
            if await desk.file_draft(case):
                await ROADS[case.road](desk, case)

    await asyncio.gather(*(make(case) for case in cases))


async def _asks(desk: Desk) -> None:
    """What lies on people's desks beside cases: a change asked for, money of an unknown payer."""
    case = next(case for case in demo_cases() if case.name == "change_asked")
    today = await desk.today()
    change = Change(kind=ChangeKind.PAYMENT_HOLIDAY, effective_on=today, instalments=2)
    await desk.ask_change(case, change, "门店装修停业，申请两期只付息")
    await desk.money_arrives("DEMO-UNKNOWN-1", "38000.00", "江州远帆贸易有限公司")


@asynccontextmanager
async def _desk(settings: Settings, database: Database) -> AsyncIterator[Desk]:
    client = await worker.connect(settings)

    async def connected() -> Client:
        return client

    process = LoanProcess(connected, settings.task_queue)
    documents = DocumentStore(settings.documents_folder)
    key = load_secrets(settings).esign.get_secret_value().encode()
    # trust_env=False: all of this stays on this machine, past any proxy.
    async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE_SECONDS) as http:
        yield Desk(settings, database, process, documents, http, key)
