"""What is read off a running product: histories, latency, memory."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from uuid import UUID, uuid4

import httpx
import psutil  # type: ignore[import-untyped]  # it ships no types
from temporalio.client import Client, WorkflowHistory

from config import Settings
from runner.bench.applications import OFFICER_USERNAME
from runner.histories import Run, fetch
from runner.refusal import StartRefused

ORIGINATION, SERVICING, BARE = "LoanWorkflow", "LoanServicingWorkflow", "BareWorkflow"
_OWN = ("run", "rail", "sources", "worker", "web")


@dataclass(frozen=True)
class HistorySize:
    """Events and bytes of a run as the server counts them."""

    events: float
    bytes: float


async def ended_runs(client: Client, workflow_type: str, at_least: int) -> list[HistorySize]:
    """The sizes of all runs of a type that have ended; the server lists them a moment late."""
    query = f'WorkflowType = "{workflow_type}" AND ExecutionStatus != "Running"'
    found: list[HistorySize] = []
    for _ in range(50):
        found = [
            HistorySize(item.history_length, item.raw_info.history_size_bytes)
            async for item in client.list_workflows(query)
        ]
        if len(found) >= at_least:
            break
        await asyncio.sleep(0.2)
    return found


def typical(sizes: Sequence[HistorySize]) -> HistorySize:
    """The median of events and of bytes."""
    if not sizes:
        raise StartRefused("The engine lists no ended run; nothing can be reported.")
    return HistorySize(median(s.events for s in sizes), median(s.bytes for s in sizes))


def per_instalment(sizes: Sequence[HistorySize], instalments: int) -> HistorySize:
    """A whole repayment, its closing run included, shared out over its instalments."""
    events, size = sum(s.events for s in sizes), sum(s.bytes for s in sizes)
    return HistorySize(events / instalments, size / instalments)


async def first_run_history(client: Client, runs: Sequence[Run]) -> WorkflowHistory:
    """The recorded origination of a loan."""
    return await fetch(client, runs[0])


async def submit_to_page(settings: Settings, password: str, drafts: Sequence[UUID]) -> list[float]:
    """Seconds from pressing Submit to reading the case, one after the other, through the door."""
    async with httpx.AsyncClient(
        base_url=f"{settings.local_url}/api/v1", trust_env=False, timeout=30
    ) as http:
        body = {"username": OFFICER_USERNAME, "password": password}
        token = _right(await http.post("/sessions", json=body)).json()["token"]
        http.headers["Authorization"] = f"Bearer {token}"
        return [await _submit_and_read(http, draft) for draft in drafts]


async def _submit_and_read(http: httpx.AsyncClient, draft: UUID) -> float:
    began = time.monotonic()
    headers = {"Idempotency-Key": str(uuid4())}
    _right(await http.post(f"/drafts/{draft}/submission", json={}, headers=headers))
    _right(await http.get(f"/loans/{draft}"))
    return time.monotonic() - began


def _right(answer: httpx.Response) -> httpx.Response:
    if not answer.is_success:
        raise StartRefused(f"The measured web server answered {answer.status_code}.")
    return answer


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that so many percent of all values do not exceed."""
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(rank, 1) - 1]


def memory_of(pid: int) -> dict[str, int]:
    """Resident bytes of each process of the product; PostgreSQL's many are one sum."""
    root = psutil.Process(pid)
    found: defaultdict[str, int] = defaultdict(int)
    for process in (root, *root.children(recursive=True)):
        try:
            found[_part(process)] += process.memory_info().rss
        except psutil.NoSuchProcess:  # a database connection that ended meanwhile
            continue
    return dict(found)


def _part(process: psutil.Process) -> str:
    name: str = process.name()
    command: list[str] = process.cmdline()
    if "cli" in command:
        at = command.index("cli") + 1
        if command[at : at + 1] and command[at] in _OWN:
            return command[at]
    return "postgres" if name.startswith("postgres") else name
