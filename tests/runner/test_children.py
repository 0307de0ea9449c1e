"""Children wait for their gate, stop when asked, come back when they fall, die with us."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from runner import children
from runner.children import LAUNCHER, ChildFailed
from runner.progress import Progress
from runner.supervisor import Restarts, Supervisor
from tests.runner.conftest import PartMaker

FOREVER = "time.sleep(600)"


def _alive(pid: int) -> bool:
    """A zombie waiting for its reaper is not alive."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


async def _gone(pid: int) -> bool:
    for _ in range(200):
        if not await asyncio.to_thread(_alive, pid):
            return True
        await asyncio.sleep(0.05)
    return False


async def test_a_child_is_ready_when_its_gate_opens_and_stops_when_asked(
    make_part: PartMaker,
) -> None:
    child = await children.start_ready(make_part("calm", FOREVER))
    await children.stop(child)
    assert child.process.returncode == -signal.SIGTERM


async def test_a_child_that_ends_early_shows_the_end_of_its_log(make_part: PartMaker) -> None:
    part = make_part("early", "sys.exit('no luck today')")
    with pytest.raises(ChildFailed, match="early ended with status 1") as failure:
        await children.run_to_end(part)
    assert "no luck today" in failure.value.log_end


async def test_a_child_that_ignores_the_request_is_ended(make_part: PartMaker) -> None:
    stubborn = make_part("stubborn", f"signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{FOREVER}")
    child = await children.start_ready(replace(stubborn, stop_seconds=0.2))
    await asyncio.sleep(0.2)
    await children.stop(child)
    assert child.process.returncode == -signal.SIGKILL


async def test_a_fallen_child_is_started_again_and_said_so(
    make_part: PartMaker, tmp_path: Path
) -> None:
    words = io.StringIO()
    supervisor = Supervisor(Progress(Console(file=words)))
    await supervisor.start(make_part("weak", FOREVER))
    first = int((tmp_path / "weak.pid").read_text())
    os.kill(first, signal.SIGKILL)
    for _ in range(200):
        await asyncio.sleep(0.05)
        if "weak runs again" in words.getvalue():
            break
    second = int((tmp_path / "weak.pid").read_text())
    assert second != first
    assert "weak was ended by SIGKILL; starting it again" in words.getvalue()
    await supervisor.stop_all()
    assert await _gone(second)


def test_restarts_grow_patient_and_end_after_five_within_a_minute() -> None:
    restarts = Restarts()
    assert [restarts.next_delay(at) for at in (0, 1, 2, 3, 4, 5)] == [0.5, 1, 2, 4, 8, None]
    assert restarts.next_delay(62.5) == 2.0  # three of the five are older than a minute


@pytest.mark.parametrize("identity", ["same", "namespace:65534"])
async def test_children_die_with_a_parent_that_is_killed(tmp_path: Path, identity: str) -> None:
    pid_file = tmp_path / "child.pid"
    sleeper = f"echo $$ > {pid_file}.new; mv {pid_file}.new {pid_file}; exec sleep 600"
    parent_code = (
        "import os, subprocess, sys\n"
        f"subprocess.Popen([sys.executable, {str(LAUNCHER)!r}, str(os.getpid()), '9',"
        f" {identity!r}, '--', '/bin/sh', '-c', {sleeper!r}], start_new_session=True).wait()"
    )
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", parent_code)
    while not await asyncio.to_thread(pid_file.exists):
        assert parent.returncode is None
        await asyncio.sleep(0.02)
    pid = int(await asyncio.to_thread(pid_file.read_text))
    assert await asyncio.to_thread(_alive, pid)
    parent.kill()
    await parent.wait()
    assert await _gone(pid)
