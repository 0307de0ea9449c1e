"""The one folder everything lies in, and the lock that lets one run use it."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runner.refusal import StartRefused

STOPPING_SECONDS = 20.0


class HomeLock:
    """Held while the product runs; the kernel lets go of it however the process ends."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def say(self, state: str) -> None:
        """Tell a second start what this run is doing."""
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{os.getpid()} {state}\n".encode(), 0)


@contextmanager
def locked_home(home: Path) -> Iterator[HomeLock]:
    """Make the folder if need be and hold its lock, or refuse."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)  # customers' files lie in it
        (home / "run").mkdir(exist_ok=True)
        descriptor = os.open(home / "run" / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as cause:
        raise StartRefused(
            f"CORPLOAN_HOME {home} cannot be used: {cause.strerror}. Choose a folder you may write."
        ) from cause
    try:
        _acquire(descriptor, home)
        lock = HomeLock(descriptor)
        lock.say("running")
        yield lock
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, home: Path) -> None:
    deadline = time.monotonic() + STOPPING_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid, state = _holder(descriptor)
        else:
            return
        if state != "stopping" or time.monotonic() > deadline:
            raise StartRefused(
                f"corploan already runs on {home} (process {pid}). "
                "Stop it first, or set CORPLOAN_HOME and the ports for a second one."
            )
        time.sleep(0.1)


def _holder(descriptor: int) -> tuple[str, str]:
    words = os.pread(descriptor, 64, 0).decode().split()
    return (words[0], words[1]) if len(words) == 2 else ("unknown", "running")
