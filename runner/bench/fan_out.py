"""How long a customer's comparison with all sources takes beside its slowest source."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

import httpx
from sqlalchemy import text

from persistence.customer_verification import ask_for_verification
from persistence.customers import open_customer
from persistence.engine import Database
from runner.bench.applications import OFFICER_USERNAME, firm_number, member
from runner.refusal import StartRefused
from workflows.commands import LoanProcess

TIMES = 5
FIRST_FIRM = 900_000
PATIENCE_SECONDS = 60.0
# The bureaus are asked with a consent only, which a firm without a loan has not given.
SLOW_SECONDS = {
    "registry": 1.0,
    "tax": 3.0,
    "courts": 2.0,
    "sanctions": 0.5,
    "bank_flow": 2.5,
    "invoices": 2.0,
    "related_parties": 1.5,
    "collateral_registry": 1.0,
}
_CLOSED = text(
    "SELECT CAST(v.summary ->> 'took_ms' AS integer), max(r.latency_ms), sum(r.latency_ms)"
    " FROM customer_verification v JOIN customer_source_report r ON r.verification_id = v.id"
    " WHERE v.customer_id = :customer AND v.closed_at IS NOT NULL GROUP BY v.id"
)


@dataclass(frozen=True)
class FanOut:
    """The typical one of some verifications, in milliseconds, and the worst one's ratio."""

    whole_ms: int
    slowest_ms: int
    sum_ms: int
    worst_ratio: float

    @property
    def ratio(self) -> float:
        """How much longer than its slowest source the whole takes: 1 would be no longer."""
        return self.whole_ms / self.slowest_ms

    def rows(self) -> Iterator[tuple[str, str]]:
        """The figures as they are printed."""
        yield (
            "All sources compared: whole, slowest, sum",
            f"{self.whole_ms} ms, {self.slowest_ms} ms, {self.sum_ms} ms",
        )
        yield (
            f"Ratio, whole to slowest, typical and worst of {TIMES}",
            (f"{self.ratio:.3f}, {self.worst_ratio:.3f}"),
        )


async def measure_fan_out(database: Database, process: LoanProcess, sources_url: str) -> FanOut:
    """Verify some new firms, one after the other, while every source is slow in its own way."""
    async with httpx.AsyncClient(base_url=sources_url) as http:
        for source, seconds in SLOW_SECONDS.items():
            order = {"source": source, "kind": "slow", "seconds": seconds}
            (await http.post("/faults", json=order)).raise_for_status()
        found = [await _verified(database, process, FIRST_FIRM + number) for number in range(TIMES)]
        (await http.delete("/faults")).raise_for_status()
    found.sort(key=lambda one: one.ratio)
    return replace(found[len(found) // 2], worst_ratio=found[-1].ratio)


async def _verified(database: Database, process: LoanProcess, number: int) -> FanOut:
    customer = await _opened(database, number)
    await process.look_at_customer(customer)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await _closed(database, customer)
    except TimeoutError as late:
        raise StartRefused("A customer's verification did not end.") from late


async def _opened(database: Database, number: int) -> UUID:
    now = datetime.now(UTC)
    async with database.transaction() as session:
        name = f"测试核实企业{number}"
        customer, _ = await open_customer(
            session, firm_number(number), name, member(OFFICER_USERNAME), now
        )
        await ask_for_verification(session, customer, "opened", now)
    return customer


async def _closed(database: Database, customer: UUID) -> FanOut:
    while True:
        async with database.reading() as session:
            row = (await session.execute(_CLOSED, {"customer": customer})).first()
        if row is not None:
            whole, slowest, together = (int(figure) for figure in row)
            return FanOut(whole, slowest, together, whole / slowest)
        await asyncio.sleep(0.05)
