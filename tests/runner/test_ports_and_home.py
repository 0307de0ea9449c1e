"""A taken port and a second run are clear messages, before anything starts."""

from __future__ import annotations

import multiprocessing
import socket
from pathlib import Path

import pytest

from runner.home import locked_home
from runner.ports import WantedPort, refuse_taken_ports
from runner.refusal import StartRefused
from tests.runner.conftest import free_port


def test_a_taken_port_names_the_setting_to_change() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        wanted = [WantedPort("web server", "CORPLOAN_WEB_PORT", "127.0.0.1", port)]
        with pytest.raises(StartRefused, match=rf"{port}.*taken.*Set CORPLOAN_WEB_PORT"):
            refuse_taken_ports(wanted)


def test_two_settings_with_one_port_are_refused() -> None:
    port = free_port()
    wanted = [
        WantedPort("web server", "CORPLOAN_WEB_PORT", "127.0.0.1", port),
        WantedPort("payment rail", "CORPLOAN_RAIL_PORT", "127.0.0.1", port),
    ]
    with pytest.raises(StartRefused, match="CORPLOAN_RAIL_PORT and CORPLOAN_WEB_PORT both"):
        refuse_taken_ports(wanted)


def test_free_ports_pass() -> None:
    refuse_taken_ports([WantedPort("web server", "CORPLOAN_WEB_PORT", "127.0.0.1", free_port())])


def _lock_and_wait(home: Path, state: str, sides: tuple[object, object]) -> None:
    held, let_go = sides
    with locked_home(home) as lock:
        lock.say(state)
        held.set()  # type: ignore[attr-defined]
        let_go.wait(20)  # type: ignore[attr-defined]


def test_a_second_run_on_one_home_is_refused_and_a_killed_one_is_not(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    held, let_go = spawn.Event(), spawn.Event()
    other = spawn.Process(target=_lock_and_wait, args=(tmp_path, "running", (held, let_go)))
    other.start()
    assert held.wait(20)
    with pytest.raises(StartRefused, match=rf"already runs .*{other.pid}"), locked_home(tmp_path):
        pass
    other.kill()
    other.join()
    with locked_home(tmp_path):
        assert (tmp_path / "run" / "lock").read_text().endswith("running\n")


def test_a_start_waits_for_a_run_that_is_stopping(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    held, let_go = spawn.Event(), spawn.Event()
    other = spawn.Process(target=_lock_and_wait, args=(tmp_path, "stopping", (held, let_go)))
    other.start()
    assert held.wait(20)
    let_go.set()
    with locked_home(tmp_path):
        other.join(20)
    assert other.exitcode == 0


def test_a_home_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StartRefused, match="CORPLOAN_HOME"), locked_home(tmp_path / "file"):
        pass
