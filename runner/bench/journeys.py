"""Loans driven from submission to payout, many at a time, by everybody a loan needs."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy import text

from domain.commands import Receipt, Release, Submit
from domain.violations import ProcessUnavailable
from persistence.engine import Database
from persistence.inbox_store import store_event
from persistence.queries.envelopes import PROVIDER, event_id
from runner.bench.applications import OFFICER_USERNAME, SIGNATORY, content_sha256, member
from runner.refusal import StartRefused
from workflows.commands import LoanProcess

AT_ONCE = 16
POLL_SECONDS = 0.05
PATIENCE_SECONDS = 180.0
ATTEMPTS = 5
_WHERE = text(
    "SELECT l.id, l.stage, l.status, l.wait_reason, e.id, e.purpose, e.document_sha256,"
    " d.terms_sha256 FROM loan l"
    " LEFT JOIN envelope e ON e.loan_id = l.id AND e.status = 'sent'"
    " LEFT JOIN drawdown d ON d.loan_id = l.id AND d.number = 1"
    " WHERE l.id = ANY(:ids)"
)


@dataclass(frozen=True)
class Standing:
    """Where a loan is, and what the next person needs to act."""

    loan_id: UUID
    stage: str
    status: str
    wait_reason: str
    envelope_id: UUID | None
    purpose: str | None
    document_sha256: str | None
    terms_sha256: str | None


Reached = Callable[[Standing], bool]


class Watch:
    """One question for all loans in flight, many times a second."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[UUID, tuple[Reached, asyncio.Future[Standing]]] = {}

    async def until(self, loan_id: UUID, reached: Reached) -> Standing:
        """Wait for a loan to come so far."""
        future: asyncio.Future[Standing] = asyncio.get_running_loop().create_future()
        self._waiting[loan_id] = (reached, future)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await future
        except TimeoutError:
            raise StartRefused("A measured loan stood still; nothing can be reported.") from None
        finally:
            self._waiting.pop(loan_id, None)

    async def watch(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            if self._waiting:
                await self._look()

    async def _look(self) -> None:
        async with self._database.reading() as session:
            rows = (await session.execute(_WHERE, {"ids": list(self._waiting)})).all()
        for standing in (Standing(*row) for row in rows):
            reached, future = self._waiting.get(standing.loan_id, (None, None))
            if reached and future and not future.done() and reached(standing):
                future.set_result(standing)


class Journeys:
    """The officer, the signatory and two release officers."""

    def __init__(self, database: Database, process: LoanProcess, watch: Watch) -> None:
        self._database, self._process, self._watch = database, process, watch

    async def pay_out_all(self, loan_ids: Sequence[UUID]) -> float:
        """Bring all of them to payout, so many at once; the seconds it took."""
        limit = asyncio.Semaphore(AT_ONCE)

        async def one(loan_id: UUID) -> None:
            async with limit:
                await self.pay_out(loan_id)

        began = time.monotonic()
        await asyncio.gather(*(one(loan_id) for loan_id in loan_ids))
        return time.monotonic() - began

    async def pay_out(self, loan_id: UUID) -> None:
        """One loan from submission to payout."""
        submit = Submit(str(uuid4()), loan_id, member(OFFICER_USERNAME))
        await _accepted(partial(self._process.submit, submit))
        for purpose in ("authorisation", "contract"):
            await self._sign(await self._until(loan_id, _sent(purpose)))
        for officer, desk in (("liuyang", "release_review"), ("sunli", "release_recheck")):
            standing = await self._until(loan_id, _waits_for(desk))
            terms = standing.terms_sha256 or ""
            release = Release(str(uuid4()), loan_id, member(officer), 1, terms)
            await _accepted(partial(self._process.release, release))
        await self._until(loan_id, lambda standing: standing.stage == "repayment")

    async def repaid(self, loan_id: UUID) -> None:
        """Wait until the loan is settled."""
        await self._watch.until(loan_id, lambda standing: standing.status != "active")

    async def _until(self, loan_id: UUID, reached: Reached) -> Standing:
        """Wait; a loan that ends on the way was not approved as the figures need it."""
        standing = await self._watch.until(
            loan_id, lambda s: s.status != "active" or s.stage == "review" or reached(s)
        )
        if not reached(standing):
            where = f"{standing.stage}/{standing.status}"
            raise StartRefused(f"A measured loan left the straight road: {where}.")
        return standing

    async def _sign(self, standing: Standing) -> None:
        """The provider's event as its callback leaves it in the inbox, then the knock."""
        if standing.envelope_id is None:
            raise AssertionError("a loan that waits for a signature has its envelope")
        now = datetime.now(UTC)
        key = event_id(standing.envelope_id, "signed")
        body = _signed_event(standing, key, now)
        async with self._database.transaction() as session:
            raw = json.dumps(body).encode()
            kind, loan_id = "envelope.signed", standing.loan_id
            await store_event(session, PROVIDER, key, kind, loan_id, raw, body, now)
        await self._process.look(standing.loan_id)


def _sent(purpose: str) -> Reached:
    return lambda standing: standing.purpose == purpose


def _waits_for(desk: str) -> Reached:
    return lambda standing: standing.wait_reason == desk


def _signed_event(standing: Standing, key: str, now: datetime) -> dict[str, object]:
    data = {
        "envelope_id": str(standing.envelope_id),
        "document_sha256": standing.document_sha256,
        "signer_name_sha256": content_sha256(SIGNATORY),
        "consent": True,
    }
    return {
        "event_id": key,
        "kind": "envelope.signed",
        "loan_id": str(standing.loan_id),
        "occurred_at": now.isoformat(timespec="microseconds"),
        "data": data,
    }


async def _accepted(ask: Callable[[], Awaitable[Receipt]]) -> None:
    """Ask under one key until there is an answer, which must be yes."""
    for attempt in range(ATTEMPTS):
        try:
            receipt = await ask()
        except ProcessUnavailable:
            await asyncio.sleep(attempt)
            continue
        if not receipt.accepted:
            found = ", ".join(f"{item.field} {item.code}" for item in receipt.findings)
            raise StartRefused(f"A measured loan was refused: {receipt.code} {found}")
        return
    raise StartRefused("The measured product no longer answers.")


@asynccontextmanager
async def watching(database: Database) -> AsyncIterator[Watch]:
    """A watch that looks while the block runs."""
    watch = Watch(database)
    looking = asyncio.create_task(watch.watch())
    try:
        yield watch
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking
