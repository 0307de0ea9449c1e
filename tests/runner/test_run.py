"""`corploan run` as a person meets it: up in order, refused clearly, stopped cleanly, kept."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.runner.conftest import free_port

READY = "corploan is ready"
PORTS = ("WEB", "POSTGRES", "TEMPORAL", "TEMPORAL_UI", "RAIL", "SOURCES")
Process = asyncio.subprocess.Process


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home and six ports of its own."""
    ports = {f"CORPLOAN_{name}_PORT": str(free_port()) for name in PORTS}
    here = {"CORPLOAN_HOME": str(tmp_path / "home"), "CORPLOAN_DEMO": "no"}
    outside = {"DATABASE_URL": "", "TEMPORAL_ADDRESS": "", "CORPLOAN_PUBLIC_URL": ""}
    return dict(os.environ) | ports | here | outside


@asynccontextmanager
async def _running(environment: dict[str, str]) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "cli", "run"),
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _read_until(process: Process, words: str) -> str:
    assert process.stdout is not None
    said = ""
    async with asyncio.timeout(120):
        while words not in said and (line := await process.stdout.readline()):
            said += line.decode()
    assert words in said, said
    return said


async def _health(environment: dict[str, str]) -> int:
    async with httpx.AsyncClient(trust_env=False) as client:
        url = f"http://127.0.0.1:{environment['CORPLOAN_WEB_PORT']}/healthz"
        return (await client.get(url)).status_code


async def test_everything_starts_in_order_comes_back_after_a_kill_and_stops_cleanly(
    environment: dict[str, str],
) -> None:
    async with _running(environment) as first:
        said = await _read_until(first, READY)
        parts = re.findall(r"✓ (.+?)\s{2,}", said)
        assert parts[1:] == [
            *("PostgreSQL", "Database tables", "Temporal"),
            *("Payment rail", "Sources simulator", "Worker", "Web server"),
        ]
        assert await _health(environment) == 200
        first.kill()
    async with _running(environment) as second:
        await _read_until(second, READY)
        assert await _health(environment) == 200
        await _refused_beside(environment)
        second.send_signal(signal.SIGINT)
        await _read_until(second, "Everything has stopped.")
        assert await second.wait() == 0


async def _refused_beside(environment: dict[str, str]) -> None:
    async with _running(environment) as other:
        await _read_until(other, "already runs on")
        assert await other.wait() == 2


async def test_a_taken_port_is_a_message_and_status_two(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", int(environment["CORPLOAN_WEB_PORT"]))):
        async with _running(environment) as process:
            await _read_until(process, "Set CORPLOAN_WEB_PORT to a free port")
            assert await process.wait() == 2


async def test_a_wrong_setting_is_named_without_its_value(environment: dict[str, str]) -> None:
    async with _running(environment | {"CORPLOAN_DAY_SECONDS": "hunter2"}) as process:
        said = await _read_until(process, "CORPLOAN_DAY_SECONDS")
        assert "hunter2" not in said
        assert await process.wait() == 2


async def test_a_request_to_stop_during_the_start_leaves_nothing_running(
    environment: dict[str, str],
) -> None:
    async with _running(environment) as process:
        await _read_until(process, "PostgreSQL")
        process.terminate()
        await _read_until(process, "Everything has stopped.")
        assert await process.wait() == 0
    home = Path(environment["CORPLOAN_HOME"])
    assert not await asyncio.to_thread((home / "postgres" / "postmaster.pid").exists)
