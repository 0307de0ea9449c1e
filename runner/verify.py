"""`corploan verify`: every invariant of the books, each with what it looked at and what breaks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from obstore.exceptions import BaseError as StoreError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio.client import Client
from temporalio.service import RPCError

from config import Settings
from integrations.failures import IntegrationUnavailable
from integrations.rail.client import RailClient
from persistence.anchors import AnchorFile, AnchorsUnreadable, note_head
from persistence.document_store import DocumentStore
from persistence.engine import Database
from persistence.queries.invariants import (
    amounts,
    audit_chain,
    cases,
    day_ends,
    duties,
    fixings,
    inbox,
    journals,
    limits,
    notes,
    papers,
    payouts,
    receipts,
    refunds,
    waits,
)
from persistence.queries.invariants.findings import Break, Checked
from runner import engine_checks, rail_check
from runner.engine_checks import Known, Tick
from worker import connect

SECOND_LOOK_SECONDS = 2.0
_ENGINE_WITHIN_SECONDS = 10.0


class Unreachable(Exception):
    """A party that a check needs does not answer."""

    def __init__(self, party: str) -> None:
        super().__init__(party)
        self.party = party


@dataclass(frozen=True)
class Equipment:
    """Everyone a full check asks. `client` None: the engine could not be reached."""

    database: Database
    client: Client | None
    rail: RailClient
    documents: DocumentStore
    anchors: AnchorFile
    histories: Path
    second_look_seconds: float = SECOND_LOOK_SECONDS

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncSession]:
        """One instant of the books: what commits meanwhile is not seen."""
        async with self.database.reading() as session:
            await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    def engine(self) -> Client:
        """The engine's client. Raises Unreachable."""
        if self.client is None:
            raise Unreachable("temporal")
        return self.client

    async def known(self) -> Known:
        """What the books know of cases, drafts and exports."""
        async with self.snapshot() as session:
            return Known(
                await cases.cases_in_the_books(session),
                await cases.open_drafts(session),
                await cases.stored_histories(session),
            )


@dataclass(frozen=True)
class Verdict:
    """One invariant's result. `unreachable` names the party that did not answer."""

    invariant: str
    count: int
    seconds: float
    breaks: tuple[Break, ...] = ()
    unreachable: str | None = None


Check = Callable[[Equipment, datetime, Tick], Awaitable[Checked]]


def in_books(*looks: Callable[[AsyncSession], Awaitable[Checked]]) -> Check:
    """A check that reads one instant of the database and nothing else."""

    async def check(equipment: Equipment, _at: datetime, _tick: Tick) -> Checked:
        async with equipment.snapshot() as session:
            found = [await look(session) for look in looks]
        return sum(found[1:], found[0])

    return check


async def _rail_agrees(equipment: Equipment, at: datetime, _tick: Tick) -> Checked:
    paid = await equipment.rail.list_payments()
    async with equipment.snapshot() as session:
        booked = await payouts.booked_payouts(session)
        in_ledger = await payouts.payouts_stand_in_the_ledger(session, at)
    return in_ledger + rail_check.compared(paid, booked)


async def _nothing_forgotten(equipment: Equipment, at: datetime, _tick: Tick) -> Checked:
    async with equipment.snapshot() as session:
        named = await waits.waits_are_named(session, at)
    live = await engine_checks.workflows_live(equipment.engine(), await equipment.known())
    return Checked(named.count, named.breaks + live.breaks)


async def _read_model(equipment: Equipment, _at: datetime, tick: Tick) -> Checked:
    return await engine_checks.read_model_agrees(equipment.engine(), await equipment.known(), tick)


async def _audit(equipment: Equipment, _at: datetime, _tick: Tick) -> Checked:
    try:
        anchors, unread = await asyncio.to_thread(equipment.anchors.read), Checked(0)
    except AnchorsUnreadable as bad:
        anchors, unread = {}, Checked(0, (Break("anchor_unreadable", str(bad.line)),))
    async with equipment.snapshot() as session:
        chain = await audit_chain.chain_holds(session, anchors)
        changes = await audit_chain.changes_are_audited(session)
    return Checked(chain.count, chain.breaks + changes.breaks + unread.breaks)


async def _replayed(equipment: Equipment, _at: datetime, tick: Tick) -> Checked:
    return await engine_checks.histories_replay(
        equipment.engine(), await equipment.known(), equipment.histories, tick
    )


async def _events(equipment: Equipment, at: datetime, _tick: Tick) -> Checked:
    async with equipment.snapshot() as session:
        return await inbox.events_take_effect_once(session, at)


async def _documents(equipment: Equipment, _at: datetime, tick: Tick) -> Checked:
    async with equipment.snapshot() as session:
        agreed = await papers.papers_agree(session)
        stored = await papers.stored_hashes(session)
    breaks = list(agreed.breaks)
    for number, (sha256, name, kind) in enumerate(stored, start=1):
        try:
            await equipment.documents.get(sha256)
        except FileNotFoundError:
            breaks.append(Break("document_lost", name, f"{kind} {sha256}"))
        except ValueError:
            breaks.append(Break("document_changed", name, f"{kind} {sha256}"))
        tick(number, len(stored))
    return Checked(agreed.count + len(stored), tuple(breaks))


CHECKS: dict[str, Check] = {
    "I1": in_books(journals.journals_balance),
    "I2": in_books(payouts.payouts_happen_once),
    "I3": _rail_agrees,
    "I4": in_books(payouts.payouts_rest_on_authority),
    "I5": in_books(
        receipts.receipts_are_kept, refunds.refunds_are_right, refunds.statements_are_kept
    ),
    "I6": in_books(notes.notes_stand),
    "I7": _nothing_forgotten,
    "I8": _read_model,
    "I9": _audit,
    "I10": _replayed,
    "I11": _events,
    "I12": in_books(inbox.answers_are_kept),
    "I13": in_books(duties.duties_are_separate, fixings.fixings_are_agreed),
    "I15": _documents,
    "I16": in_books(amounts.amounts_are_sound),
    "I17": in_books(day_ends.days_are_closed),
    "I18": in_books(limits.limits_hold),
}
# These compare two parties that move on while they are read: only what is seen twice is broken.
_MOVING = ("I3", "I7", "I8", "I9")


async def verdict_of(
    invariant: str, equipment: Equipment, tick: Tick, clock: Callable[[], datetime]
) -> Verdict:
    """Judge one invariant now."""
    began = time.monotonic()
    try:
        found = await _looked(invariant, equipment, tick, clock)
    except Unreachable as away:
        return Verdict(invariant, 0, time.monotonic() - began, unreachable=away.party)
    except (OperationalError, InterfaceError):
        return Verdict(invariant, 0, time.monotonic() - began, unreachable="database")
    except RPCError:
        return Verdict(invariant, 0, time.monotonic() - began, unreachable="temporal")
    except IntegrationUnavailable:
        return Verdict(invariant, 0, time.monotonic() - began, unreachable="rail")
    except StoreError:
        return Verdict(invariant, 0, time.monotonic() - began, unreachable="documents")
    return Verdict(invariant, found.count, time.monotonic() - began, found.breaks)


async def _looked(
    invariant: str, equipment: Equipment, tick: Tick, clock: Callable[[], datetime]
) -> Checked:
    check = CHECKS[invariant]
    first = await check(equipment, clock(), tick)
    if not first.breaks or invariant not in _MOVING:
        return first
    await asyncio.sleep(equipment.second_look_seconds)
    second = await check(equipment, clock(), tick)
    seen = {(found.code, found.subject) for found in first.breaks}
    again = tuple(found for found in second.breaks if (found.code, found.subject) in seen)
    return Checked(second.count, again)


async def all_verdicts(
    equipment: Equipment,
    *,
    replay: bool = True,
    tick: Callable[[str], Tick] = lambda _: lambda done, total: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> AsyncIterator[Verdict]:
    """Every invariant in order; a clean book has its chain anchored at the end."""
    verdicts = []
    for invariant in CHECKS:
        if invariant == "I10" and not replay:
            continue
        verdicts.append(await verdict_of(invariant, equipment, tick(invariant), clock))
        yield verdicts[-1]
    if exit_status(verdicts) == 0:
        await note_head(equipment.database, equipment.anchors, clock())


def exit_status(verdicts: list[Verdict]) -> int:
    """0 all hold, 1 something is broken, 2 something could not be asked."""
    if any(verdict.breaks for verdict in verdicts):
        return 1
    return 2 if any(verdict.unreachable for verdict in verdicts) else 0


@asynccontextmanager
async def equipped(settings: Settings) -> AsyncIterator[Equipment]:
    """Everyone the settings name. An engine that is away is left out, and said so later."""
    database = Database(settings.sqlalchemy_url, pool_size=4)
    async with httpx.AsyncClient() as http:
        try:
            yield Equipment(
                database,
                await engine_or_none(settings),
                RailClient(settings.rail_base_url, http),
                DocumentStore(settings.documents_folder),
                AnchorFile(settings.home / "anchors" / "audit.jsonl"),
                settings.home / "histories",
            )
        finally:
            await database.close()


async def engine_or_none(settings: Settings) -> Client | None:
    """The engine's client, or None when nobody listens."""
    try:
        return await asyncio.wait_for(connect(settings), _ENGINE_WITHIN_SECONDS)
    except (RuntimeError, TimeoutError):
        return None
