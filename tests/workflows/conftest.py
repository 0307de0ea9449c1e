"""The fixture of the process tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from persistence.engine import Database
from tests.workflows.world import QUEUE, SECRET, World, opened_world

__all__ = ["QUEUE", "SECRET", "World"]


@pytest_asyncio.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    """A fresh world for one test."""
    async with opened_world(database, tmp_path / "histories") as opened:
        yield opened
