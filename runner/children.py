"""Child processes: started with a log of their own, gated on readiness, never left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

LAUNCHER = Path(__file__).with_name("launch.py")
POLL_SECONDS = 0.03
LOG_BYTES_MAX = 10 * 1024 * 1024

Gate = Callable[[int], Awaitable[bool]]
"""Asked again and again with the child's process id until it answers yes."""


class ChildFailed(Exception):
    """A child ended, or did not become ready in time; carries the end of its log."""

    def __init__(self, name: str, what: str, log_end: str) -> None:
        super().__init__(f"{name} {what}")
        self.log_end = log_end


async def no_preparation() -> None:
    """Most parts need nothing done before they start."""


@dataclass(frozen=True)
class Part:
    """One process of the product: how it starts, when it is ready, how it is asked to stop."""

    name: str
    command: tuple[str, ...]
    ready: Gate
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    identity: str = "same"
    stop_signal: signal.Signals = signal.SIGTERM
    # When the parent is killed there is nobody left to wait for a slow good-bye, and the
    # next start needs the ports: everything we run survives this without losing anything.
    orphan_signal: signal.Signals = signal.SIGKILL
    ready_seconds: float = 60.0
    stop_seconds: float = 20.0
    prepare: Callable[[], Awaitable[None]] = no_preparation


@dataclass(frozen=True)
class Child:
    """A part that runs."""

    part: Part
    process: asyncio.subprocess.Process

    @property
    def pid(self) -> int:
        """The process id; the launcher becomes the program, so it is the program's."""
        return self.process.pid


def launched(
    command: tuple[str, ...], identity: str, orphan: signal.Signals = signal.SIGKILL
) -> list[str]:
    """The command line that starts `command` tied to this process's life."""
    head = [sys.executable, "-I", "-S", str(LAUNCHER), str(os.getpid())]
    return [*head, str(int(orphan)), identity, "--", *command]


async def start(part: Part) -> Child:
    """Start a part and return at once. Ctrl-C does not reach it: it has its own session."""
    await part.prepare()
    part.log.parent.mkdir(parents=True, exist_ok=True)
    _turn_over(part.log)
    with part.log.open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *launched(part.command, part.identity, part.orphan_signal),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=dict(os.environ) | dict(part.env),
            start_new_session=True,
        )
    return Child(part, process)


async def wait_until_ready(child: Child) -> None:
    """Return when the gate opens; raise when the child ends first or time runs out."""
    deadline = time.monotonic() + child.part.ready_seconds
    while child.process.returncode is None:
        if await child.part.ready(child.pid):
            return
        if time.monotonic() > deadline:
            raise _failure(child, f"was not ready after {child.part.ready_seconds:.0f} s")
        await asyncio.sleep(POLL_SECONDS)
    raise _failure(child, how_it_ended(child.process.returncode))


async def start_ready(part: Part) -> Child:
    """Start a part and wait for its gate; leave nothing running if it does not open."""
    child = await start(part)
    try:
        await wait_until_ready(child)
    except BaseException:  # cancellation too: the child must not outlive a failed start
        await asyncio.shield(stop(child))
        raise
    return child


async def run_to_end(part: Part) -> None:
    """Run a part that does one thing; raise unless it succeeds."""
    child = await start(part)
    try:
        status = await asyncio.wait_for(child.process.wait(), part.ready_seconds)
    except TimeoutError:
        raise _failure(child, f"was not done after {part.ready_seconds:.0f} s") from None
    finally:
        await asyncio.shield(stop(child))
    if status != 0:
        raise _failure(child, how_it_ended(status))


async def stop(child: Child) -> None:
    """Ask once, wait, then insist."""
    if child.process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        child.process.send_signal(child.part.stop_signal)
    try:
        await asyncio.wait_for(child.process.wait(), child.part.stop_seconds)
    except TimeoutError:
        with suppress(ProcessLookupError):
            child.process.kill()
        await child.process.wait()


def how_it_ended(status: int) -> str:
    """Words for an exit status as asyncio gives it: negative means a signal."""
    if status >= 0:
        return f"ended with status {status}"
    with suppress(ValueError):
        return f"was ended by {signal.Signals(-status).name}"
    return f"was ended by signal {-status}"


def log_end(path: Path, lines: int = 15) -> str:
    """The last lines a child wrote."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 8192))
        text = file.read().decode(errors="replace")
    return "\n".join(text.splitlines()[-lines:])


def _failure(child: Child, what: str) -> ChildFailed:
    return ChildFailed(child.part.name, what, log_end(child.part.log))


def _turn_over(path: Path) -> None:
    """Keep one older log, so that years of running do not fill the disk."""
    if path.exists() and path.stat().st_size > LOG_BYTES_MAX:
        path.replace(path.with_suffix(".1.log"))
