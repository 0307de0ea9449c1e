"""The recorded runs of loans: listed and fetched from the engine, or read from exported files."""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHistory
from temporalio.runtime import Runtime, TelemetryConfig
from temporalio.worker import Interceptor, Replayer

from persistence.queries.invariants.cases import StoredHistory
from worker import WORKFLOWS, data_converter, workflow_runner
from workflows.commands import workflow_id

CUSTOMER_TYPES = 'WorkflowType = "CustomerWorkflow"'
LOAN_TYPES = 'WorkflowType IN ("LoanWorkflow", "LoanServicingWorkflow")'
FAILING = (
    'TemporalReportedProblems IN ("category=WorkflowTaskFailed", "category=WorkflowTaskTimedOut")'
)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a loan's workflow as the engine lists it."""

    loan_id: UUID
    run_id: str
    status: WorkflowExecutionStatus
    started_at: datetime

    @property
    def went_on(self) -> bool:
        """Whether the loan lives on in a later run."""
        return self.status is WorkflowExecutionStatus.CONTINUED_AS_NEW


class HistoryChanged(Exception):
    """An exported history is lost, or its bytes are not those that were hashed."""


async def loan_runs(client: Client, query: str = LOAN_TYPES) -> dict[UUID, list[Run]]:
    """The runs the engine knows, by loan, oldest first."""
    found: defaultdict[UUID, list[Run]] = defaultdict(list)
    async for item in client.list_workflows(query, page_size=1000):
        loan_id = _loan_id(item.id)
        if loan_id is not None and item.status is not None:
            found[loan_id].append(Run(loan_id, item.run_id, item.status, item.start_time))
    return {key: sorted(runs, key=lambda run: run.started_at) for key, runs in found.items()}


async def customer_runs(client: Client) -> list[tuple[str, str]]:
    """The runs of customers' workflows the engine knows: workflow id and run id."""
    listed = client.list_workflows(CUSTOMER_TYPES, page_size=1000)
    return [(item.id, item.run_id) async for item in listed]


async def runs_of(client: Client, loan_id: UUID) -> list[Run]:
    """The runs of one loan, oldest first."""
    query = f'WorkflowId = "{workflow_id(loan_id)}"'
    return (await loan_runs(client, query)).get(loan_id, [])


async def fetch(client: Client, run: Run) -> WorkflowHistory:
    """One run's whole history."""
    handle = client.get_workflow_handle(workflow_id(run.loan_id), run_id=run.run_id)
    return await handle.fetch_history()


async def read_stored(folder: Path, stored: StoredHistory) -> WorkflowHistory:
    """An exported history. Raises HistoryChanged."""
    try:
        content = await asyncio.to_thread((folder / stored.path).read_bytes)
    except OSError as cause:
        raise HistoryChanged(stored.run_id) from cause
    if hashlib.sha256(content).hexdigest() != stored.sha256:
        raise HistoryChanged(stored.run_id)
    return WorkflowHistory.from_json(workflow_id(stored.loan_id), content.decode())


def todays_replayer(
    workflows: Iterable[type] = WORKFLOWS, interceptors: Iterable[Interceptor] = ()
) -> Replayer:
    """Replays on the code of today, silently: what it finds is in its results."""
    return Replayer(
        workflows=list(workflows),
        interceptors=list(interceptors),
        workflow_runner=workflow_runner(),
        data_converter=data_converter(),
        runtime=Runtime(telemetry=TelemetryConfig(logging=None)),
    )


def _loan_id(identifier: str) -> UUID | None:
    kind, _, key = identifier.partition("/")
    try:
        return UUID(key) if kind == "loan" else None
    except ValueError:
        return None
