"""What every test of the runner needs: free ports, short homes, small real processes."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from runner.children import Part
from runner.gates import has_written_pid

PartMaker = Callable[[str, str], Part]


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def make_part(tmp_path: Path) -> PartMaker:
    """A part named NAME that writes its process id to NAME.pid, then runs the given Python."""

    def make(name: str, then: str) -> Part:
        pid_file = tmp_path / f"{name}.pid"
        code = (
            "import os, pathlib, signal, sys, time\n"
            f"pathlib.Path({str(pid_file)!r}).write_text(str(os.getpid()))\n{then}\n"
        )
        return Part(
            name=name,
            command=(sys.executable, "-c", code),
            ready=has_written_pid(pid_file),
            log=tmp_path / f"{name}.log",
            ready_seconds=10.0,
            stop_seconds=5.0,
        )

    return make
