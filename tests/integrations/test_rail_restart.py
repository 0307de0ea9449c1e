"""Killed with -9 at any moment, the rail comes back with its books and its unsent notices."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx

from integrations.rail.client import RailClient
from integrations.rail.messages import PaymentStatus
from tests.integrations.servers import BankDoor, bound_socket, serving
from tests.integrations.test_rail import COLLECTION, PAYMENT

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with bound_socket() as listener:
        return int(listener.getsockname()[1])


@asynccontextmanager
async def rail_process(
    db_path: Path, callback_url: str, settle_delay: float, http: httpx.AsyncClient
) -> AsyncIterator[str]:
    """Ends by SIGKILL: the rail never gets to tidy up."""
    port = free_port()
    command = [sys.executable, "-m", "tests.integrations.servers"]
    args = [str(db_path), str(port), callback_url, str(settle_delay)]
    process = subprocess.Popen([*command, *args], cwd=ROOT)  # noqa: ASYNC220 - returns at once
    try:
        await _ready(f"http://127.0.0.1:{port}", http)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait(10)


async def _ready(url: str, http: httpx.AsyncClient) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                if (await http.get(f"{url}/healthz")).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.05)


async def test_nothing_is_lost_when_the_rail_is_killed(
    tmp_path: Path, http: httpx.AsyncClient
) -> None:
    db_path = tmp_path / "rail.sqlite"
    dead_end = f"http://127.0.0.1:{free_port()}/callbacks/rail"
    later = replace(PAYMENT, key="disb:later:1")
    async with rail_process(db_path, dead_end, 0.0, http) as url:
        client = RailClient(url, http)
        first = await client.pay(PAYMENT)
        reference = await client.collect(COLLECTION)
        await http.post(f"{url}/faults", json={"kind": "reject", "count": 2})
    async with rail_process(db_path, dead_end, 3600.0, http) as url:
        client = RailClient(url, http)
        assert (await client.pay(later)).status is PaymentStatus.ACCEPTED
        assert (await client.pay(PAYMENT)).reference == first.reference
        assert await client.collect(COLLECTION) == reference
        assert (await http.get(f"{url}/faults")).json() == {"reject": 1}
    door = BankDoor()
    with serving(door.app()) as door_url:
        async with rail_process(db_path, f"{door_url}/callbacks/rail", 0.0, http) as url:
            await asyncio.to_thread(door.wait_for, 2)
            assert sorted(door.kinds()) == ["payment.settled", "receipt.posted"]
            keys = [state.key for state in await RailClient(url, http).list_payments()]
            assert keys == [PAYMENT.key, later.key]
    assert door.forged == 0


async def test_a_payment_accepted_before_the_kill_is_settled_after_it(
    tmp_path: Path, http: httpx.AsyncClient
) -> None:
    db_path = tmp_path / "rail.sqlite"
    door = BankDoor()
    with serving(door.app()) as door_url:
        callback = f"{door_url}/callbacks/rail"
        async with rail_process(db_path, callback, 3.0, http) as url:
            await RailClient(url, http).pay(PAYMENT)
        assert door.arrived == []
        async with rail_process(db_path, callback, 3.0, http):
            await asyncio.to_thread(door.wait_for, 1)
    assert door.kinds() == ["payment.settled"]
