"""One run of the benchmark: the product is started twice, measured, and thrown away."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from temporalio.client import Client

import worker
from config import Settings
from persistence.document_store import DocumentStore
from persistence.engine import Database
from runner.bench import bare_drive, measures
from runner.bench.applications import complete_drafts, prepare_book
from runner.bench.arithmetic import measure_arithmetic
from runner.bench.day_end import measure_day_end, rows_of
from runner.bench.fan_out import FanOut, measure_fan_out
from runner.bench.figures import Figures, print_table, rows_of_all, write_data, write_json
from runner.bench.journeys import AT_ONCE, Journeys, watching
from runner.bench.parts import Part
from runner.bench.product import Product, running, settings_in
from runner.bench.rating import measure_rating
from runner.bench.re_rating import measure_re_rating, rows_of_re_rating
from runner.histories import runs_of
from workflows.commands import LoanProcess

LOANS, MONTHS = 60, 2
MONTHS_OF_MEASURED_LOANS = 12
FAST_DAY_SECONDS = 1


@dataclass(frozen=True)
class Loaded:
    """What the first start of the product showed."""

    first_start: float
    loan_seconds: float
    bare_seconds: float
    steps: dict[str, int]
    latencies: list[float]
    originated: measures.HistorySize
    bare: measures.HistorySize
    memory: dict[str, int]
    fan_out: FanOut


@dataclass(frozen=True)
class Bench:
    """A book and an engine, seen from the benchmark."""

    client: Client
    database: Database
    store: DocumentStore
    journeys: Journeys
    process: LoanProcess


@dataclass(frozen=True)
class Sizes:
    """The sizes of the books that are measured: notes at day end, firms rated again."""

    notes: Sequence[int]
    firms: Sequence[int]


async def bench(
    loans: int,
    months: int,
    sizes: Sizes,
    json_path: Path | None,
    console: Console,
) -> None:
    """Measure and print. Raises StartRefused when the product cannot be measured."""
    with tempfile.TemporaryDirectory(prefix="corploan-bench-") as folder:
        settings = settings_in(Path(folder) / "home")
        loaded = await _loaded(settings, loans, console)
        second_start, instalment = await _repaid(settings, loans, months, console)
    figures = Figures(
        loans=loans,
        at_once=AT_ONCE,
        processors=os.cpu_count() or 1,
        loans_per_second=loans / loaded.loan_seconds,
        bare_workflows_per_second=loans / loaded.bare_seconds,
        durable_steps=loaded.steps,
        submit_to_page_p50=measures.percentile(loaded.latencies, 50),
        submit_to_page_p99=measures.percentile(loaded.latencies, 99),
        originated_loan=loaded.originated,
        bare_workflow=loaded.bare,
        instalment=instalment,
        memory=loaded.memory,
        first_start=loaded.first_start,
        second_start=second_start,
        day_ends=tuple(await measure_day_end(sizes.notes, console)),
        arithmetic=measure_arithmetic(),
        rating=measure_rating(),
        fan_out=loaded.fan_out,
        re_ratings=tuple(await measure_re_rating(sizes.firms, console)),
    )
    print_table(rows_of_all(figures), console)
    if json_path is not None:
        write_json(figures, json_path)


async def bench_part(part: Part, sizes: Sizes, json_path: Path | None, console: Console) -> None:
    """Measure and print one part alone, under the names it has among all figures."""
    data: dict[str, object]
    if part is Part.DAY_END:
        costs = await measure_day_end(sizes.notes, console)
        rows, data = rows_of(costs), {"day_ends": [asdict(cost) for cost in costs]}
    elif part is Part.RATING:
        cost = measure_rating()
        rows, data = cost.rows(), {"rating": asdict(cost)}
    elif part is Part.SOURCES:
        compared = await _compared(console)
        rows, data = compared.rows(), {"fan_out": asdict(compared)}
    elif part is Part.RE_RATING:
        rated = await measure_re_rating(sizes.firms, console)
        rows, data = rows_of_re_rating(rated), {"re_ratings": [asdict(cost) for cost in rated]}
    else:
        found = measure_arithmetic()
        rows, data = found.rows(), {"arithmetic": asdict(found)}
    print_table(rows, console)
    if json_path is not None:
        write_data(data, json_path)


async def _compared(console: Console) -> FanOut:
    """The sources alone, on a product of their own."""
    with tempfile.TemporaryDirectory(prefix="corploan-bench-") as folder:
        settings = settings_in(Path(folder) / "home")
        console.print("Starting the product in a folder of its own")
        async with running(settings) as product, _opened(product) as here:
            await prepare_book(here.database, settings.day_seconds)
            return await _fan_out(settings, here, console)


async def _fan_out(settings: Settings, here: Bench, console: Console) -> FanOut:
    console.print("Customers compared with all sources, each source slow in its own way")
    return await measure_fan_out(here.database, here.process, settings.sources_base_url)


async def _loaded(settings: Settings, loans: int, console: Console) -> Loaded:
    """The first start, at the real pace: throughput, latency, memory after the load."""
    console.print("Starting the product in a folder of its own")
    async with running(settings) as product, _opened(product) as here:
        password = await prepare_book(here.database, settings.day_seconds)
        drafts = await complete_drafts(
            here.database, here.store, range(2 * loans), MONTHS_OF_MEASURED_LOANS
        )
        console.print(f"{loans} loans, from submission to payout")
        loan_seconds = await here.journeys.pay_out_all(drafts[:loans])
        memory = measures.memory_of(product.pid)
        console.print(f"{loans} submissions, each read back at once")
        latencies = await measures.submit_to_page(settings, password, drafts[loans:])
        sizes = await measures.ended_runs(here.client, measures.ORIGINATION, loans)
        runs = await runs_of(here.client, drafts[0])
        plan = bare_drive.plan_of(await measures.first_run_history(here.client, runs))
        console.print(f"{loans} bare workflows of {len(plan)} steps")
        bare_seconds = await bare_drive.run_all(here.client, plan, loans)
        bare_sizes = await measures.ended_runs(here.client, measures.BARE, loans)
        fan_out = await _fan_out(settings, here, console)
    return Loaded(
        product.ready_seconds,
        loan_seconds,
        bare_seconds,
        dict(Counter(plan)),
        latencies,
        measures.typical(sizes),
        measures.typical(bare_sizes),
        memory,
        fan_out,
    )


async def _repaid(
    settings: Settings, loans: int, months: int, console: Console
) -> tuple[float, measures.HistorySize]:
    """The second start, on the same book, with fast days: one loan lives to its payoff."""
    fast = settings.model_copy(update={"day_seconds": FAST_DAY_SECONDS})
    console.print(f"Starting again; one loan over {months} months of {FAST_DAY_SECONDS} s a day")
    async with running(fast) as product, _opened(product) as here:
        await prepare_book(here.database, FAST_DAY_SECONDS)
        (draft,) = await complete_drafts(here.database, here.store, [2 * loans], months)
        await here.journeys.pay_out(draft)
        await here.journeys.repaid(draft)
        sizes = await measures.ended_runs(here.client, measures.SERVICING, months + 1)
    return product.ready_seconds, measures.per_instalment(sizes, months)


@asynccontextmanager
async def _opened(product: Product) -> AsyncIterator[Bench]:
    settings = product.settings
    client = await worker.connect(settings)

    async def connected() -> Client:
        return client

    database = Database(settings.sqlalchemy_url)
    try:
        async with watching(database) as watch:
            process = LoanProcess(connected, settings.task_queue)
            store = DocumentStore(settings.documents_folder)
            yield Bench(client, database, store, Journeys(database, process, watch), process)
    finally:
        await database.close()
