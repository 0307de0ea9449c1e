"""A rail, a bank's door and the sources, each a real server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from integrations.rail.client import RailClient
from integrations.rail.server import create_app as create_rail
from integrations.sources.server import create_app as create_sources
from tests.integrations.servers import PACE, SECRET, BankDoor, serving


@dataclass
class Bench:
    """One rail under test: its address, the bank's door, both kinds of client."""

    url: str
    door: BankDoor
    http: httpx.AsyncClient
    client: RailClient

    async def arm(self, kind: str, count: int = 1) -> None:
        answer = await self.http.post(f"{self.url}/faults", json={"kind": kind, "count": count})
        assert answer.status_code == 200, answer.text


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


@pytest.fixture
def door() -> BankDoor:
    return BankDoor()


@pytest.fixture
def door_url(door: BankDoor) -> Iterator[str]:
    with serving(door.app()) as url:
        yield f"{url}/callbacks/rail"


@pytest.fixture
def rail_url(tmp_path: Path, door_url: str) -> Iterator[str]:
    with serving(create_rail(tmp_path / "rail.sqlite", SECRET, door_url, PACE)) as url:
        yield url


@pytest.fixture
async def bench(rail_url: str, door: BankDoor, http: httpx.AsyncClient) -> Bench:
    return Bench(rail_url, door, http, RailClient(rail_url, http, timeout_seconds=0.7))


@pytest.fixture
def sources_url(tmp_path: Path) -> Iterator[str]:
    with serving(create_sources(tmp_path / "sources.sqlite")) as url:
        yield url
