"""Real servers for the tests: one PostgreSQL a session, a fresh database a test."""

from __future__ import annotations

import asyncio
import os
import socket
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio
from hypothesis import settings as hypothesis_settings

from persistence.engine import Database
from persistence.products import seed_reference_data
from persistence.schema import upgrade
from runner.postgres import embedded_postgres
from tests.properties import PROFILE

_PASSWORD = "for-the-tests-only"
# A test database that is lost is made anew, so its server need not wait for the disk.
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

hypothesis_settings.load_profile(PROFILE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that ask for more time go first, so that no worker is left alone with them at the end.

    All of a file's tests stay together, in their order.
    """
    long = {item.path for item in items if item.get_closest_marker("timeout")}
    items.sort(key=lambda item: item.path not in long)


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _named(url: str, database: str) -> str:
    return url.rsplit("/", 1)[0] + f"/{database}"


def _sqlalchemy(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


@pytest_asyncio.fixture(scope="session")
async def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """A PostgreSQL of the session, or the one of DATABASE_URL_FOR_TESTS; yields its URL."""
    given = os.environ.get("DATABASE_URL_FOR_TESTS")
    if given:
        yield given
        return
    home: Path = tmp_path_factory.mktemp("postgres")
    async with embedded_postgres(home, free_port(), _PASSWORD, options=_FAST) as url:
        yield url


@pytest_asyncio.fixture(scope="session")
async def template_database(postgres_server: str) -> str:
    """A migrated and seeded database that every test copies; yields its name."""
    name = f"template_{uuid.uuid4().hex[:8]}"
    _execute(postgres_server, f'CREATE DATABASE "{name}"')
    url = _sqlalchemy(_named(postgres_server, name))
    await asyncio.to_thread(upgrade, url)
    database = Database(url, pool_size=1)
    async with database.transaction() as session:
        await seed_reference_data(session)
    await database.close()
    return name


@pytest.fixture
def postgres_url(postgres_server: str, template_database: str) -> Iterator[str]:
    """A fresh database for one test, as SQLAlchemy writes its URL."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    _execute(postgres_server, f'CREATE DATABASE "{name}" TEMPLATE "{template_database}"')
    yield _sqlalchemy(_named(postgres_server, name))
    _execute(postgres_server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest_asyncio.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    """A fresh database behind the product's own door."""
    opened = Database(postgres_url, pool_size=4)
    yield opened
    await opened.close()


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
