"""What rating a whole book again costs: synthetic firms, a database server of its own."""

from __future__ import annotations

import asyncio
import resource
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from time import perf_counter, process_time
from typing import Any
from uuid import UUID, uuid5

from rich.console import Console
from sqlalchemy import text

from persistence.engine import Database
from persistence.schema import upgrade
from persistence.statement_ratings import house_rater, rerate_book
from runner.bench.day_end import free_port
from runner.demo.synthetic import SyntheticFirm, synthetic_firms
from runner.postgres import embedded_postgres

FIRM_COUNTS = (1_000, 10_000)
_TODAY = date(2026, 11, 28)
_AT = datetime(2026, 11, 28, 4, tzinfo=UTC)
_SPACE = UUID(int=19)
_NOBODY = "00000000-0000-4000-a000-000000000000"
_CUSTOMERS = """
INSERT INTO customer (id, scheme, registration_number, name, name_key, opened_by, opened_at)
VALUES (:id, 'cn_uscc', :number, :name, :name, :nobody, :at)
"""
_STATEMENTS = """
INSERT INTO financial_statement (id, customer_id, year, currency, unit, audited, auditor, lines,
  source, proposal_id, filed_at, proposed_by, approved_by, known_from)
VALUES (:id, :customer_id, :year, 'CNY', '1', true, '', CAST(:lines AS jsonb), 'typed', :nobody,
  :at, :nobody, :nobody, :at)
"""


@dataclass(frozen=True)
class ReRatingCost:
    """One size of book. `first_seconds`: nobody was rated before; `seconds`: everyone was.

    `worked_seconds` is what this process worked for the second; it is the figure to trust on a
    machine that does other things too. `model_seconds` is what the model alone takes for as many
    firms, read and written nowhere.
    """

    firms: int
    first_seconds: float
    seconds: float
    worked_seconds: float
    model_seconds: float
    firms_per_second: float
    process_bytes: int


def rows_of_re_rating(costs: Sequence[ReRatingCost]) -> Iterator[tuple[str, str]]:
    """The figures for a person, and how the cost grows from size to size."""
    for cost in costs:
        memory = f"{cost.process_bytes / 1024**2:.0f} MiB"
        speed = f"{cost.seconds:.2f} s, {cost.firms_per_second:,.0f} firms/s, process {memory}"
        yield f"Rating {cost.firms:,} firms again, read and written", speed
        yield f"Of it this process worked, {cost.firms:,} firms", f"{cost.worked_seconds:.2f} s"
        yield f"Of that the model, {cost.firms:,} firms", f"{cost.model_seconds:.2f} s"
    for small, large in pairwise(costs):
        growth = large.seconds / small.seconds
        said = f"{growth:.1f} times the time for {large.firms / small.firms:.0f} times the firms"
        yield f"Growth, {small.firms:,} to {large.firms:,} firms", said


async def measure_re_rating(counts: Sequence[int], console: Console) -> list[ReRatingCost]:
    """Measure each size on a fresh server."""
    found = []
    for firms in counts:
        console.print(f"Rating {firms:,} firms again")
        with tempfile.TemporaryDirectory(prefix="corploan-bench-") as folder:
            password = secrets.token_hex(16)
            async with embedded_postgres(Path(folder), free_port(), password) as url:
                found.append(await _measured(url, firms))
    return found


async def _measured(url: str, count: int) -> ReRatingCost:
    address = url.replace("postgresql://", "postgresql+psycopg://", 1)
    await asyncio.to_thread(upgrade, address)
    database = Database(address, pool_size=2)
    firms = synthetic_firms(count, _TODAY)
    try:
        await _fill(database, firms)
        model = _modelled(firms)
        del firms
        first = await _rated(database, count, "first")
        before = process_time()
        seconds = await _rated(database, count, "again")
        worked = process_time() - before
    finally:
        await database.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return ReRatingCost(count, first, seconds, worked, model, count / seconds, memory)


async def _fill(database: Database, firms: Sequence[SyntheticFirm]) -> None:
    async with database.transaction() as session:
        # made-up statements have no proposals
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        for first in range(0, len(firms), 1000):
            some = firms[first : first + 1000]
            await session.execute(text(_CUSTOMERS), [_customer(firm) for firm in some])
            years = [year for firm in some for year in _statements(firm)]
            await session.execute(text(_STATEMENTS), years)
    async with database.transaction() as session:
        await session.execute(text("ANALYZE"))


def _customer(firm: SyntheticFirm) -> dict[str, Any]:
    return {
        "id": uuid5(_SPACE, firm.number.value),
        "number": firm.number.value,
        "name": firm.name,
        "nobody": _NOBODY,
        "at": _AT,
    }


def _statements(firm: SyntheticFirm) -> Iterator[dict[str, Any]]:
    customer_id = uuid5(_SPACE, firm.number.value)
    for one in firm.statements:
        lines = ", ".join(f'"{name}": "{amount}"' for name, amount in one.lines.items())
        yield {
            "id": uuid5(customer_id, str(one.year)),
            "customer_id": customer_id,
            "year": one.year,
            "lines": f"{{{lines}}}",
            "nobody": _NOBODY,
            "at": _AT,
        }


def _modelled(firms: Sequence[SyntheticFirm]) -> float:
    rater, started = house_rater(), perf_counter()
    for firm in firms:
        rater.rate(firm.statements)
    return perf_counter() - started


async def _rated(database: Database, count: int, cause: str) -> float:
    started = perf_counter()
    found = await rerate_book(database, cause, datetime.now(UTC))
    if found.firms != count:
        raise RuntimeError(f"{found.firms} of {count} firms were rated")
    return perf_counter() - started
