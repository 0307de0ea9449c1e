"""`corploan run`: everything on one machine, in order, until asked to stop."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from config import Settings, load_secrets
from runner import children, postgres, temporal_server
from runner.children import ChildFailed
from runner.external import check_external_database
from runner.home import HomeLock, locked_home
from runner.launch import die_with_parent
from runner.parts import migration, own_parts, wanted_ports
from runner.ports import refuse_taken_ports
from runner.prepare_book import prepare_book, tell_loans
from runner.progress import Progress
from runner.refusal import StartRefused
from runner.supervisor import Supervisor

STOPPED, FAILED, REFUSED = 0, 1, 2
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PORT_PATIENCE_SECONDS = 2.0

WhenReady = Callable[[Settings, Progress], Awaitable[None]]
"""What may follow once everything runs: sign-ins to print, a demo book to offer."""


async def run(
    settings: Settings,
    when_ready: WhenReady | None = None,
    progress: Progress | None = None,
    *,
    with_parent: bool = False,
) -> int:
    """Start everything, wait, stop everything; the exit status for the shell."""
    progress = progress or Progress()
    stop = _stop_event(with_parent=with_parent)
    try:
        with locked_home(settings.home) as lock:
            await _free_ports(settings)
            return await _supervised(settings, when_ready, progress, stop, lock)
    except StartRefused as refusal:
        progress.say(str(refusal), "red")
        return REFUSED


async def _supervised(
    settings: Settings,
    when_ready: WhenReady | None,
    progress: Progress,
    stop: asyncio.Event,
    lock: HomeLock,
) -> int:
    supervisor = Supervisor(progress)
    life = asyncio.create_task(_live(settings, when_ready, progress, supervisor))
    asked = asyncio.create_task(stop.wait())
    try:
        await _first(life, asked, supervisor.gave_up)
        lock.say("stopping")
        return await _outcome(life, asked, supervisor, progress)
    finally:
        lock.say("stopping")
        asked.cancel()
        await _ended(life)
        await supervisor.stop_all()
        progress.say("Everything has stopped.")


async def _live(
    settings: Settings,
    when_ready: WhenReady | None,
    progress: Progress,
    supervisor: Supervisor,
) -> None:
    """Start all parts in order, then stay; ends only by an error or by being cancelled."""
    await _database(settings, supervisor, progress)
    await _migrate(settings, progress)
    repaced = await prepare_book(settings)
    await _temporal(settings, supervisor, progress)
    if repaced:  # before a worker acts on a timer of the old pace
        await tell_loans(settings)
    for part in own_parts(settings):
        await supervisor.start(part)
    welcome(settings, progress)
    if when_ready is not None:
        await when_ready(settings, progress)
    await asyncio.Event().wait()


def welcome(settings: Settings, progress: Progress) -> None:
    """Where everything is, once it runs."""
    progress.say("")
    progress.say(f"corploan is ready: {settings.public_url}", "bold green")
    if settings.temporal_ui_url:
        progress.say(f"Temporal Web UI:   {settings.temporal_ui_url}")
    progress.say(f"Data and logs:     {settings.home}")
    if settings.day_seconds < 86_400:
        progress.say(f"A business day passes in {settings.day_seconds} s.", "yellow")
    progress.say("Ctrl-C stops everything.\n", "dim")


async def _database(settings: Settings, supervisor: Supervisor, progress: Progress) -> None:
    if settings.database_url is not None:
        with progress.step("PostgreSQL (external)"):
            await check_external_database(settings.database_url)
        return
    password = load_secrets(settings).database.get_secret_value()
    with progress.step("Database folder"):
        part = await postgres.prepare_postgres(settings.home, settings.postgres_port, password)
    await supervisor.start(part)
    await postgres.ensure_database(settings.postgres_port, password)


async def _migrate(settings: Settings, progress: Progress) -> None:
    with progress.step("Database tables"):
        await children.run_to_end(migration(settings))


async def _temporal(settings: Settings, supervisor: Supervisor, progress: Progress) -> None:
    namespace = settings.temporal_namespace
    if settings.temporal_address is not None:
        with progress.step("Temporal (external)"):
            await temporal_server.check_external(settings.temporal_address, namespace)
        return
    part = temporal_server.temporal_part(
        settings.home, settings.temporal_port, settings.temporal_ui_port, namespace
    )
    await supervisor.start(part)
    await temporal_server.keep_history(settings.temporal_target, namespace)


async def _outcome(
    life: asyncio.Task[None], asked: asyncio.Task[bool], supervisor: Supervisor, progress: Progress
) -> int:
    """Say why the run ends. A request to stop wins over what it may have broken."""
    if asked.done():
        progress.say("Stopping.")
        return STOPPED
    if supervisor.gave_up.done():
        _report(supervisor.gave_up.result(), progress)
        return FAILED
    try:
        await life
    except ChildFailed as failure:
        _report(failure, progress)
    return FAILED


def _report(failure: ChildFailed, progress: Progress) -> None:
    progress.say(f"{failure}. The end of its log:", "red")
    progress.say(failure.log_end or "(it wrote nothing)", "dim")


async def _first(*awaited: asyncio.Future[Any]) -> None:
    await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)


async def _ended(task: asyncio.Task[None]) -> None:
    """Cancel and wait; its own error, if any, has been reported by then."""
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled():
        task.exception()  # looked at, so that asyncio does not report it a second time


async def _free_ports(settings: Settings) -> None:
    """A run that was killed a moment ago may need that moment to let go of its ports."""
    wanted = wanted_ports(settings)
    deadline = asyncio.get_running_loop().time() + PORT_PATIENCE_SECONDS
    while True:
        try:
            return refuse_taken_ports(wanted)
        except StartRefused:
            if asyncio.get_running_loop().time() > deadline:
                raise
        await asyncio.sleep(0.1)


def _stop_event(*, with_parent: bool) -> asyncio.Event:
    """Set by any signal to stop; with_parent, also when the process that started us dies."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in STOP_SIGNALS:
        loop.add_signal_handler(sign, partial(stop.set))
    if with_parent:
        die_with_parent(os.getppid(), int(signal.SIGTERM))
    return stop
