"""What one day end costs as the book grows: made-up notes, a database server of its own."""

from __future__ import annotations

import asyncio
import resource
import secrets
import socket
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import psutil  # type: ignore[import-untyped]  # it ships no types
from rich.console import Console
from sqlalchemy import text

from persistence.day_end.closing import close_day
from persistence.day_end.statements import RULES_OF_NEW_NOTES, SEGMENTS_OF_NEW_NOTES
from persistence.engine import Database
from persistence.schema import upgrade
from runner.postgres import embedded_postgres

NOTE_COUNTS = (10_000, 100_000, 1_000_000)
INSTALMENTS = 3
_CLOCK_TICK = 0.01
_DRAWN_ON = date(2026, 1, 15)
_FIRST_DAY = date(2026, 3, 1)

# Notes of three months: the first instalment is due and paid but for one note in twenty. Their
# numbers lie as the product's do, in no order: an ordered book is read faster than a real one.
_NOTES = """
INSERT INTO loan (id, case_number, customer_id, officer_id, origin, product_code, product_version,
  amount, currency, tenor_months, method, facts, statements, stage, status, wait_reason,
  entered_at, submitted_at, version, drawn_on, outstanding, arrears_noted)
SELECT md5('note ' || n)::uuid, 'B' || n, md5('customer ' || n / 3)::uuid,
  '00000000-0000-4000-a000-000000000000', 'bench', 'B', 1, 300000, 'CNY', 3, 'equal_principal',
  '{}', '{}', 'repayment', 'active', 'instalment_due', now(), now(), 1, '2026-01-15',
  CASE WHEN n % 20 = 0 THEN 300000 ELSE 200000 END, 0
FROM generate_series(1, :notes) n
"""
_CONTRACTS = """
INSERT INTO contract (loan_id, number, terms, terms_sha256, document_hashes, principal, currency,
  yearly_rate, penalty_uplift)
SELECT id, case_number, '{}', '', '{}', 300000, 'CNY', 0.0435, 0.5 FROM loan
"""
_INSTALMENTS = """
INSERT INTO instalment (loan_id, n, period_start_on, due_on, principal, interest, balance_after,
  principal_paid, interest_paid, fee, fee_paid, penalty_accrued, penalty_paid, compound_accrued,
  compound_paid, penalty_residual, compound_residual, paid_on)
SELECT l.id, x.n, x.starts, x.due, 100000, x.interest, 300000 - 100000 * x.n,
  CASE WHEN x.n = 1 AND l.outstanding < 300000 THEN 100000 ELSE 0 END,
  CASE WHEN x.n = 1 AND l.outstanding < 300000 THEN x.interest ELSE 0 END,
  0, 0, 0, 0, 0, 0, 0, 0, CASE WHEN x.n = 1 AND l.outstanding < 300000 THEN x.due END
FROM loan l CROSS JOIN (VALUES
  (1, DATE '2026-01-15', DATE '2026-02-15', 1087.50),
  (2, DATE '2026-02-15', DATE '2026-03-15', 725.00),
  (3, DATE '2026-03-15', DATE '2026-04-15', 362.50)) AS x (n, starts, due, interest)
"""
_JOURNALS = """
INSERT INTO journal (key, kind, loan_id, business_on, posted_at)
SELECT 'b:' || case_number, 'release', id, '2026-01-15', now() FROM loan
"""
_LINES = """
INSERT INTO journal_line (journal_id, account, amount, currency)
SELECT j.id, x.account, x.amount, 'CNY' FROM journal j JOIN loan l ON l.id = j.loan_id
CROSS JOIN LATERAL (VALUES ('loans', l.outstanding), ('clearing', -l.outstanding))
  AS x (account, amount)
"""

# In the product each note's events write how it runs on; here it is written for all at once.
_AS_EVENTS_LEAVE_IT = (SEGMENTS_OF_NEW_NOTES, RULES_OF_NEW_NOTES)


@dataclass(frozen=True)
class DayEndCost:
    """One size of book. `first_seconds` is the day that sees every note first.

    `fill_seconds` is what making the book took, `processor_seconds` what the server worked for
    the day end; it is the figure to trust on a machine that does other things too.
    """

    notes: int
    fill_seconds: float
    first_seconds: float
    seconds: float
    processor_seconds: float
    notes_per_second: float
    server_bytes: int
    worker_bytes: int


def rows_of(costs: Sequence[DayEndCost]) -> Iterator[tuple[str, str]]:
    """The figures for a person, and how the cost grows from size to size."""
    for cost in costs:
        memory = f"{cost.server_bytes / 1024**2:.0f} and {cost.worker_bytes / 1024**2:.0f} MiB"
        speed = f"{cost.seconds:.2f} s, {cost.notes_per_second:,.0f} rows/s, one a note"
        yield f"Day end, {cost.notes:,} notes", f"{speed}, server and worker {memory}"
        yield f"Of it the server worked, {cost.notes:,} notes", f"{cost.processor_seconds:.2f} s"
        filled = f"{cost.first_seconds:.2f} s, after {cost.fill_seconds:.1f} s of filling the book"
        yield f"The first one of {cost.notes:,} notes", filled
    for small, large in pairwise(costs):
        growth = large.seconds / small.seconds
        worked = large.processor_seconds / max(small.processor_seconds, _CLOCK_TICK)
        said = f"{growth:.1f} times the time, {worked:.1f} times the work"
        name = f"Growth, {small.notes:,} to {large.notes:,} notes"
        yield name, f"{said} for {large.notes / small.notes:.0f} times the notes"


async def measure_day_end(counts: Sequence[int], console: Console) -> list[DayEndCost]:
    """Measure each size on a fresh server."""
    found = []
    for notes in counts:
        console.print(f"Day end of {notes:,} notes")
        with tempfile.TemporaryDirectory(prefix="corploan-bench-") as folder:
            password = secrets.token_hex(16)
            async with embedded_postgres(Path(folder), free_port(), password) as url:
                found.append(await _measured(url, notes))
    return found


async def _measured(url: str, notes: int) -> DayEndCost:
    address = url.replace("postgresql://", "postgresql+psycopg://", 1)
    await asyncio.to_thread(upgrade, address)
    database = Database(address, pool_size=2)
    try:
        started = perf_counter()
        await _fill(database, notes)
        filled = perf_counter() - started
        first = await _closed(database, _FIRST_DAY)
        worked = await _worked(database)
        seconds = await _closed(database, _FIRST_DAY + timedelta(days=1))
        worked = max(await _worked(database) - worked, _CLOCK_TICK)
        server = await _server_peak(database)
    finally:
        await database.close()
    worker = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return DayEndCost(notes, filled, first, seconds, worked, notes / seconds, server, worker)


async def _fill(database: Database, notes: int) -> None:
    async with database.transaction() as session:
        # made-up notes have no customers, and half a book is looked at by nobody
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        await session.execute(text(_NOTES), {"notes": notes})
        for sentence in (_CONTRACTS, _INSTALMENTS, _JOURNALS, _LINES, *_AS_EVENTS_LEAVE_IT):
            await session.execute(text(sentence))
    async with database.transaction() as session:
        await session.execute(text("ANALYZE"))


async def _closed(database: Database, day: date) -> float:
    started = perf_counter()
    found = await close_day(database, day)
    if not found.closed:
        raise RuntimeError(f"the made-up book does not tie out by {found.difference}")
    return perf_counter() - started


async def _worked(database: Database) -> float:
    """Processor seconds of the server's connections so far; they stay open from day to day."""
    times = [psutil.Process(pid).cpu_times() for pid in await _connections(database)]
    return float(sum(spent.user + spent.system for spent in times))


async def _server_peak(database: Database) -> int:
    """The largest resident memory any of the server's connections reached."""
    return max(_peak_of(pid) for pid in await _connections(database))


async def _connections(database: Database) -> list[int]:
    asked = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
    async with database.reading() as session:
        return list((await session.execute(text(asked))).scalars())


def _peak_of(pid: int) -> int:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():  # no such file system here: memory is not told
        return 0
    lines = status.read_text(encoding="ascii", errors="replace").splitlines()
    peak = next((line for line in lines if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(peak.split()[1]) * 1024


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
