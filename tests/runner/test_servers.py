"""The shipped servers, as whoever runs the tests: first start, kill -9, start again."""

from __future__ import annotations

import asyncio
import os
import pwd
import signal
import stat
from pathlib import Path

import psycopg
import pytest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from runner import identity, postgres, temporal_server
from runner.children import start_ready
from runner.external import check_external_database
from runner.refusal import StartRefused
from tests.runner.conftest import free_port

PASSWORD = "only-for-this-test"


async def _rows(url: str, query: str) -> list[tuple[object, ...]]:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        cursor = await connection.execute(query.encode())
        return await cursor.fetchall() if cursor.description else []


def _postmaster(home: Path) -> int:
    return int((home / "postgres" / "postmaster.pid").read_text().split()[0])


async def test_postgres_keeps_what_was_committed_when_it_is_killed(tmp_path: Path) -> None:
    port = free_port()
    part = await postgres.prepare_postgres(tmp_path, port, PASSWORD)
    child = await start_ready(part)
    await postgres.ensure_database(port, PASSWORD)
    url = postgres.database_url(port, PASSWORD)
    await _rows(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(await asyncio.to_thread(_postmaster, tmp_path), signal.SIGKILL)
    await child.process.wait()
    async with postgres.embedded_postgres(tmp_path, port, PASSWORD) as again:
        assert await _rows(again, "SELECT answer FROM kept") == [(42,)]


async def test_a_stale_lock_file_that_names_a_stranger_is_cleared(tmp_path: Path) -> None:
    async with postgres.embedded_postgres(tmp_path, free_port(), PASSWORD):
        lock = (tmp_path / "postgres" / "postmaster.pid").read_text().splitlines()
    lock[0] = "1"  # alive in every container, and no PostgreSQL
    (tmp_path / "postgres" / "postmaster.pid").write_text("\n".join(lock) + "\n")
    async with postgres.embedded_postgres(tmp_path, free_port(), PASSWORD) as url:
        assert await _rows(url, "SELECT 1") == [(1,)]


async def test_an_orphan_of_a_killed_run_is_ended_before_the_next_start(tmp_path: Path) -> None:
    part = await postgres.prepare_postgres(tmp_path, free_port(), PASSWORD)
    orphan = await start_ready(part)
    async with postgres.embedded_postgres(tmp_path, free_port(), PASSWORD) as url:
        assert await _rows(url, "SELECT 1") == [(1,)]
        assert await orphan.process.wait() is not None


def test_a_normal_user_runs_postgres_as_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: pwd.getpwnam("nobody").pw_uid)
    program = postgres.programs() / "postgres"
    assert identity.database_identity(program) == identity.SAME


async def test_root_without_namespaces_starts_it_under_a_root_only_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_dropping(uid: int) -> tuple[str, ...]:
        return (f"drop:{uid}",)

    is_root = os.geteuid() == 0
    home = tmp_path / "closed" / "home"
    home.mkdir(parents=True)
    home.parent.chmod(0o700)
    monkeypatch.setattr(identity, "_candidates", only_dropping)
    async with postgres.embedded_postgres(home, free_port(), PASSWORD):
        assert ((home / "postgres").stat().st_uid != os.geteuid()) is is_root
    monkeypatch.undo()
    async with postgres.embedded_postgres(home, free_port(), PASSWORD) as url:
        assert await _rows(url, "SELECT 1") == [(1,)]


async def test_postgres_listens_on_loopback_with_scram_and_checksums(tmp_path: Path) -> None:
    async with postgres.embedded_postgres(tmp_path, free_port(), PASSWORD) as url:
        shown = [
            (await _rows(url, f"SHOW {name}"))[0][0]
            for name in (
                "listen_addresses",
                "unix_socket_directories",
                "data_checksums",
                "timezone",
                "server_encoding",
            )
        ]
        assert shown == ["127.0.0.1", "", "on", "UTC", "UTF8"]
        methods = await _rows(url, "SELECT DISTINCT auth_method FROM pg_hba_file_rules")
    assert methods == [("scram-sha-256",)]
    assert stat.S_IMODE((tmp_path / "postgres").stat().st_mode) == 0o700
    assert not (tmp_path / "postgres.password").exists()


async def test_a_lost_password_is_a_clear_message(tmp_path: Path) -> None:
    async with postgres.embedded_postgres(tmp_path, free_port(), PASSWORD):
        pass
    with pytest.raises(StartRefused, match=r"secrets\.json"):
        async with postgres.embedded_postgres(tmp_path, free_port(), "another"):
            pass


async def test_temporal_keeps_history_ten_years_and_survives_a_kill(tmp_path: Path) -> None:
    port = free_port()
    async with temporal_server.dev_server(tmp_path, port, None) as target:
        client = await Client.connect(target, namespace=temporal_server.NAMESPACE)
        await client.start_workflow("Kept", id="loan/kept", task_queue="nobody")
    child = await start_ready(temporal_server.temporal_part(tmp_path, port, None))
    child.process.send_signal(signal.SIGKILL)
    await child.process.wait()
    async with temporal_server.dev_server(tmp_path, port, None) as target:
        client = await Client.connect(target, namespace=temporal_server.NAMESPACE)
        assert (await client.get_workflow_handle("loan/kept").describe()).workflow_type == "Kept"
        request = DescribeNamespaceRequest(namespace=temporal_server.NAMESPACE)
        answer = await client.workflow_service.describe_namespace(request)
    retention = answer.config.workflow_execution_retention_ttl.ToTimedelta()
    assert retention == temporal_server.RETENTION


async def test_an_external_database_that_is_away_is_named_without_its_password() -> None:
    url = f"postgresql://bank:hush@127.0.0.1:{free_port()}/loans"
    with pytest.raises(StartRefused, match="DATABASE_URL") as refusal:
        await check_external_database(url)
    assert "hush" not in str(refusal.value)


async def test_an_external_temporal_that_is_away_is_named() -> None:
    with pytest.raises(StartRefused, match=r"TEMPORAL_ADDRESS .*cannot be reached"):
        await temporal_server.check_external(f"127.0.0.1:{free_port()}", "corploan")


async def test_an_external_temporal_without_the_namespace_says_how_to_make_it(
    tmp_path: Path,
) -> None:
    async with temporal_server.dev_server(tmp_path, free_port(), None) as target:
        await temporal_server.check_external(target, temporal_server.NAMESPACE)
        with pytest.raises(StartRefused, match="namespace create --retention 3650d elsewhere"):
            await temporal_server.check_external(target, "elsewhere")
