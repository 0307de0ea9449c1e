"""The worker: where workflows and activities run, with everything they need handed to them."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
    WorkflowExecutionStatus,
)
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.applications import ApplicationActivities
from activities.calendars import CalendarActivities
from activities.changes import ChangeActivities
from activities.credit import CreditActivities
from activities.customers import CustomerActivities
from activities.day_end import DayEndActivities
from activities.drawdowns import DrawdownActivities
from activities.housekeeping import History, HousekeepingActivities
from activities.inbox import InboxActivities
from activities.incidents import IncidentActivities
from activities.payments import PaymentActivities
from activities.rates import RateActivities
from activities.receipts import ReceiptActivities
from activities.servicing import ServicingActivities
from activities.signatures import SignatureActivities
from activities.sources import SourceActivities
from activities.tasks import TaskActivities
from activities.verification import VerificationActivities
from config import Settings, load_secrets
from integrations.rail.client import RailClient
from integrations.sources.client import SourceClient
from persistence.engine import Database
from workflows.calendar import CalendarWorkflow
from workflows.commands import LoanProcess, workflow_id
from workflows.customer import CustomerWorkflow
from workflows.day_end import DayEndWorkflow
from workflows.fixing import FixingWorkflow
from workflows.inbox_sweep import InboxSweepWorkflow
from workflows.loan import LoanWorkflow
from workflows.refund import RefundWorkflow
from workflows.servicing import LoanServicingWorkflow

WORKFLOWS: Sequence[type] = (
    LoanWorkflow,
    LoanServicingWorkflow,
    InboxSweepWorkflow,
    DayEndWorkflow,
    RefundWorkflow,
    FixingWorkflow,
    CalendarWorkflow,
    CustomerWorkflow,
)
PASSED_THROUGH = (
    "activities",
    "domain",
    "persistence",
    "integrations",
    "workflows.drawdowns",
    "workflows.options",
    "workflows.paying",
    "workflows.search",
    "workflows.states",
    "workflows.steps",
    "workflows.verifying",
    "workflows.waiting",
    "pydantic",
    "pydantic_core",
    "sqlalchemy",
    "sqlmodel",
    "httpx",
    "annotated_types",
    "typing_extensions",
)
SWEEP_ID = "inbox-sweep"
SWEEP_EVERY = timedelta(seconds=20)
DAY_END_ID = "day-end"
DAY_END_AT_MOST_EVERY_SECONDS = 15
SHANGHAI_FIVE_PAST_MIDNIGHT = timedelta(hours=16, minutes=5)  # as the engine counts, in UTC


def data_converter() -> DataConverter:
    """Decimals, dates and dataclasses travel as they are; failures do not leak their text."""
    return dataclasses.replace(
        pydantic_data_converter,
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


def workflow_runner() -> SandboxedWorkflowRunner:
    """The sandbox with the one list of modules that are safe to share."""
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    return SandboxedWorkflowRunner(restrictions=restrictions)


async def connect(settings: Settings) -> Client:
    """A client of the engine that speaks the bank's types."""
    return await Client.connect(
        settings.temporal_target,
        namespace=settings.temporal_namespace,
        data_converter=data_converter(),
    )


def activity_methods(
    database: Database,
    rail: RailClient,
    sources: SourceClient,
    housekeeping: HousekeepingActivities,
    link_secret: bytes,
) -> list[Callable[..., Any]]:
    """Every activity, built from what it needs."""
    slices = (
        ApplicationActivities(database),
        TaskActivities(database),
        SignatureActivities(database, link_secret),
        SourceActivities(database, sources),
        CreditActivities(database),
        PaymentActivities(database, rail),
        InboxActivities(database),
        ServicingActivities(database, rail),
        ChangeActivities(database),
        DrawdownActivities(database),
        ReceiptActivities(database, rail),
        IncidentActivities(database),
        DayEndActivities(database),
        RateActivities(database),
        CalendarActivities(database, housekeeping.wake),
        CustomerActivities(database, housekeeping.wake),
        VerificationActivities(database, sources),
        housekeeping,
    )
    return [method for holder in slices for method in _defined(holder)]


def build_worker(client: Client, task_queue: str, methods: list[Callable[..., Any]]) -> Worker:
    """A worker for all workflows and activities."""
    return Worker(
        client,
        task_queue=task_queue,
        workflows=WORKFLOWS,
        activities=methods,
        workflow_runner=workflow_runner(),
        graceful_shutdown_timeout=timedelta(seconds=10),
    )


async def main(settings: Settings, ready: Callable[[], None]) -> None:
    """Run until cancelled; tell `ready` once the worker polls."""
    async with (
        _equipment(settings) as (client, methods),
        build_worker(client, settings.task_queue, methods),
    ):
        await ensure_sweep(client, settings.task_queue)
        await ensure_day_end(client, settings.task_queue, settings.day_seconds)
        ready()
        await asyncio.Event().wait()


async def ensure_sweep(client: Client, task_queue: str) -> None:
    """See that the inbox is swept, by one Schedule however many workers there are."""
    action = ScheduleActionStartWorkflow(InboxSweepWorkflow.run, id=SWEEP_ID, task_queue=task_queue)
    schedule = Schedule(
        action=action,
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=SWEEP_EVERY)]),
        policy=SchedulePolicy(
            overlap=ScheduleOverlapPolicy.SKIP, catchup_window=timedelta(seconds=60)
        ),
    )
    try:
        await client.create_schedule(SWEEP_ID, schedule)
    except ScheduleAlreadyRunningError:
        return


async def ensure_day_end(client: Client, task_queue: str, day_seconds: int) -> None:
    """See that days are closed at the pace of the book's clock, by one Schedule.

    At the real pace five minutes past midnight in Shanghai; a faster clock's days are closed
    several at once, as no run starts before the one before it has ended.
    """
    every = timedelta(seconds=max(day_seconds, DAY_END_AT_MOST_EVERY_SECONDS))
    offset = SHANGHAI_FIVE_PAST_MIDNIGHT if every == timedelta(days=1) else None
    schedule = Schedule(
        action=ScheduleActionStartWorkflow(
            DayEndWorkflow.run, args=[None], id=DAY_END_ID, task_queue=task_queue
        ),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=every, offset=offset)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=timedelta(days=1)),
    )
    try:
        await client.create_schedule(DAY_END_ID, schedule, trigger_immediately=True)
    except ScheduleAlreadyRunningError:
        handle = client.get_schedule_handle(DAY_END_ID)
        await handle.update(lambda _: ScheduleUpdate(schedule=schedule))
        await handle.trigger()


@asynccontextmanager
async def _equipment(
    settings: Settings,
) -> AsyncIterator[tuple[Client, list[Callable[..., Any]]]]:
    secrets = load_secrets(settings)
    client = await connect(settings)
    database = Database(settings.sqlalchemy_url)
    async with httpx.AsyncClient() as http:
        housekeeping = housekeeping_of(
            client, database, settings.task_queue, settings.home / "histories"
        )
        methods = activity_methods(
            database,
            RailClient(settings.rail_base_url, http),
            SourceClient(settings.sources_base_url, http),
            housekeeping,
            secrets.session.get_secret_value().encode(),
        )
        yield client, methods
    await database.close()


def housekeeping_of(
    client: Client, database: Database, task_queue: str, folder: Path
) -> HousekeepingActivities:
    """Housekeeping with the engine's client behind its two functions."""

    async def connected() -> Client:
        return client

    async def closed_runs(loan_id: UUID, known: frozenset[str]) -> list[History]:
        return await _closed_runs(client, loan_id, known)

    process = LoanProcess(connected, task_queue)
    return HousekeepingActivities(
        database, process.look, closed_runs, folder, process.look_at_customer
    )


async def _closed_runs(client: Client, loan_id: UUID, known: frozenset[str]) -> list[History]:
    """The histories of a loan's closed runs, oldest first; nothing while its last run is open."""
    query = f'WorkflowId = "{workflow_id(loan_id)}"'
    runs = [run async for run in client.list_workflows(query)]
    if not runs or any(run.status is WorkflowExecutionStatus.RUNNING for run in runs):
        return []
    found: list[History] = []
    for run in sorted(runs, key=lambda run: run.start_time):
        if run.run_id in known:
            continue
        handle = client.get_workflow_handle(run.id, run_id=run.run_id)
        history = await handle.fetch_history()
        found.append((run.run_id, history.to_json().encode(), len(history.events)))
    return found


def _defined(holder: object) -> list[Callable[..., Any]]:
    methods = (getattr(holder, name) for name in dir(holder) if not name.startswith("_"))
    return [method for method in methods if hasattr(method, "__temporal_activity_definition")]
