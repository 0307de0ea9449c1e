"""The application on a fresh database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from persistence.engine import Database
from tests.doorway.world import World, open_world


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    """A running application."""
    async with open_world(database, tmp_path / "documents") as opened:
        yield opened
