"""Database processes that outlived a run that was killed, found by the folder they work in."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

PATIENCE_SECONDS = 30.0


async def end_leftovers(data: Path) -> None:
    """Wait until nothing works in the data folder any more, then clear the stale lock file.

    PostgreSQL trusts its lock file when ANY process has the number in it, which after kill -9
    or in a new container is often a stranger; and it refuses while an orphan still lives. The
    caller holds the home folder's lock, so whatever still works here belongs to a dead run.
    """
    lock_file = data / "postmaster.pid"
    if not lock_file.exists():
        return
    deadline = time.monotonic() + PATIENCE_SECONDS
    sign = signal.SIGQUIT
    while left := _working_in(data):
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, sign)
        if time.monotonic() > deadline:
            sign = signal.SIGKILL
        await asyncio.sleep(0.1)
    lock_file.unlink(missing_ok=True)


def _working_in(data: Path) -> list[int]:
    """PostgreSQL's processes all change into their data folder."""
    folder = data.resolve()
    return [
        int(entry.name)
        for entry in Path("/proc").glob("[0-9]*")
        if _folder_of(entry) == folder and _name_of(entry) == "postgres"
    ]


def _folder_of(entry: Path) -> Path | None:
    try:
        return (entry / "cwd").readlink()
    except OSError:  # ended meanwhile, or another user's
        return None


def _name_of(entry: Path) -> str:
    try:
        return (entry / "comm").read_text().strip()
    except OSError:
        return ""
