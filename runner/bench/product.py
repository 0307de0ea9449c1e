"""A whole product of the benchmark's own, run as people run it: on free ports, soon forgotten."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config import Settings
from runner.refusal import StartRefused

READY = "corploan is ready"
START_SECONDS = 180.0
STOP_SECONDS = 60.0
_PORTS = ("WEB", "POSTGRES", "TEMPORAL", "TEMPORAL_UI", "RAIL", "SOURCES")
_OUTSIDE = ("DATABASE_URL", "TEMPORAL_ADDRESS")
_UNSET = (
    *_OUTSIDE,
    *("CORPLOAN_RAIL_URL", "CORPLOAN_SOURCES_URL", "CORPLOAN_CALLBACK_SECRETS_FILE"),
    *("CORPLOAN_SECRET_SESSION", "CORPLOAN_SECRET_RAIL", "CORPLOAN_SECRET_ESIGN"),
)


@dataclass(frozen=True)
class Product:
    """A product that runs."""

    settings: Settings
    pid: int
    ready_seconds: float


def settings_in(home: Path) -> Settings:
    """Settings that owe nothing to this machine's environment, so that no real book is touched."""
    with _free_ports(len(_PORTS)) as ports:
        said: dict[str, Any] = dict.fromkeys(_UNSET)
        said |= {f"CORPLOAN_{name}_PORT": port for name, port in zip(_PORTS, ports, strict=True)}
    said |= {"CORPLOAN_HOME": home, "CORPLOAN_HOST": "127.0.0.1", "CORPLOAN_DEMO": "no"}
    said |= {"CORPLOAN_PUBLIC_URL": f"http://127.0.0.1:{said['CORPLOAN_WEB_PORT']}"}
    said |= {"CORPLOAN_TEMPORAL_NAMESPACE": "bench", "CORPLOAN_TASK_QUEUE": "loans"}
    return Settings(**said, CORPLOAN_DAY_SECONDS=86_400)


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Product]:
    """Start the product, wait until it says that it is ready, stop it at the end."""
    began = time.monotonic()
    async with AsyncExitStack() as stack:
        process = await _started(settings)
        stack.push_async_callback(_stopped, process)
        await _until_ready(process)
        seconds = time.monotonic() - began
        # What it says from now on must be read, or a full pipe would stop it.
        reading = asyncio.create_task(_read_on(process))
        stack.callback(reading.cancel)
        yield Product(settings, process.pid, seconds)


async def _started(settings: Settings) -> asyncio.subprocess.Process:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in _OUTSIDE and not name.startswith("CORPLOAN_")
    }
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "cli", "run", "--with-parent"),
        env=kept | settings.as_environment(),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def _until_ready(process: asyncio.subprocess.Process) -> None:
    said = ""
    try:
        async with asyncio.timeout(START_SECONDS):
            async for line in _lines(process):
                said += line
                if READY in line:
                    return
    except TimeoutError:
        said += f"(not ready after {START_SECONDS:.0f} s)"
    raise StartRefused(f"The measured product did not start:\n{said}")


async def _lines(process: asyncio.subprocess.Process) -> AsyncIterator[str]:
    if process.stdout is not None:
        while line := await process.stdout.readline():
            yield line.decode(errors="replace")


async def _read_on(process: asyncio.subprocess.Process) -> None:
    async for _ in _lines(process):
        pass


async def _stopped(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()


@contextmanager
def _free_ports(count: int) -> Iterator[list[int]]:
    """Ports nobody listens on, all different because all are held at the same moment."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        yield [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()
