"""The whole product as `corploan run` starts it: real processes, a home folder of their own."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from config import Settings, load_secrets
from domain.signing import link_token
from doorway.passwords import hash_password
from persistence.clock import set_pace
from persistence.engine import Database
from persistence.products import seed_reference_data
from persistence.seed.demo_staff import DEMO_PASSWORD
from persistence.staff_accounts import seed_demo_staff
from persistence.tables import Drawdown, Envelope, JournalLine, JournalRow
from tests.conftest import free_port

READY_SECONDS, STOP_SECONDS = 120.0, 90.0
PORTS = ("WEB", "POSTGRES", "TEMPORAL", "TEMPORAL_UI", "RAIL", "SOURCES")
_T = TypeVar("_T")


@dataclass(frozen=True)
class Product:
    """A running product: where it answers, and what lies in its books."""

    settings: Settings
    process: subprocess.Popen[bytes]

    @property
    def base(self) -> str:
        return self.settings.public_url

    @property
    def rail(self) -> str:
        return self.settings.rail_base_url

    def read(self, work: Callable[[AsyncSession], Awaitable[_T]]) -> _T:
        """Look into the books, on a connection of its own."""

        async def looked() -> _T:
            database = Database(self.settings.sqlalchemy_url, pool_size=1)
            try:
                async with database.reading() as session:
                    return await work(session)
            finally:
                await database.close()

        return _alone(looked())

    def link(self, loan_id: str, purpose: str, seconds: float = 60) -> str:
        """The path of the signatory's one-time link, once it has been sent."""
        wanted = select(col(Envelope.id)).where(
            col(Envelope.loan_id) == UUID(loan_id),
            col(Envelope.purpose) == purpose,
            col(Envelope.status) == "sent",
        )

        async def sent(session: AsyncSession) -> UUID | None:
            return (await session.execute(wanted)).scalars().first()

        envelope = until(lambda: self.read(sent), seconds, f"{purpose} was not sent")
        key = load_secrets(self.settings).session.get_secret_value().encode()
        return "/sign/" + link_token(key, envelope)

    def terms(self, loan_id: str) -> str:
        """The fingerprint of what the first drawdown's releases sign."""

        async def read(session: AsyncSession) -> str:
            return (await session.get_one(Drawdown, (UUID(loan_id), 1))).terms_sha256

        return self.read(read)

    def ledger_sum(self, loan_id: str) -> dict[str, Any]:
        """The balance of each account the loan's journals touch."""
        wanted = (
            select(col(JournalLine.account), func.sum(col(JournalLine.amount)))
            .join(JournalRow, col(JournalRow.id) == col(JournalLine.journal_id))
            .where(col(JournalRow.loan_id) == UUID(loan_id))
            .group_by(col(JournalLine.account))
        )

        async def read(session: AsyncSession) -> dict[str, Any]:
            rows = (await session.execute(wanted)).all()
            return {row[0]: row[1] for row in rows}

        return self.read(read)

    def pid_of(self, part: str) -> int:
        """The process of one part, among this product's own descendants."""
        return until(lambda: self._pid_of(part), 30, f"no process runs {part}")

    def _pid_of(self, part: str) -> int | None:
        ending = b"\0-m\0cli\0" + part.encode() + b"\0"
        for pid in _descendants(self.process.pid):
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if command.endswith(ending) and b"launch.py" not in command:
                return pid
        return None

    def kill(self, part: str) -> int:
        """End one part as a machine's power ends: with no chance to say anything."""
        pid = self.pid_of(part)
        os.kill(pid, signal.SIGKILL)
        return pid

    def wait_restarted(self, part: str, old: int) -> None:
        """Wait until the supervisor has put another process in its place."""
        until(lambda: self._pid_of(part) not in (None, old), 60, f"{part} was not restarted")


def _alone(work: Coroutine[Any, Any, _T]) -> _T:
    """Run it in a thread: a driven browser keeps a loop running in the test's own."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def _descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(parent, []).append(int(folder.name))
    found, open_ones = [], [root]
    while open_ones:
        below = children.get(open_ones.pop(), [])
        found += below
        open_ones += below
    return found


def until(ask: Callable[[], _T | None], seconds: float, failure: str) -> _T:
    """Ask again and again until the answer is something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := ask():
            return answer
        time.sleep(0.2)
    raise AssertionError(failure)


@contextmanager
def running_product(home: Path, day_seconds: int) -> Iterator[Product]:
    """Start everything, give it the demo staff, and stop it with Ctrl-C; it must end well."""
    given = {f"CORPLOAN_{name}_PORT": str(free_port()) for name in PORTS}
    given |= {
        "CORPLOAN_HOME": str(home / "var"),
        "CORPLOAN_DAY_SECONDS": str(day_seconds),
        "CORPLOAN_DEMO": "no",
    }
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CORPLOAN_", "TEMPORAL_"))}
    kept.pop("DATABASE_URL", None)
    settings = Settings.model_validate(given)
    log = home / "run.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "cli", "run", "--with-parent"],
            env=kept | given,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait_ready(process, log)
            _alone(_seed_staff(settings))
            yield Product(settings, process)
        finally:
            process.send_signal(signal.SIGINT)
            status = process.wait(STOP_SECONDS)
    assert status == 0, log.read_text()


def _wait_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    def ready() -> bool:
        assert process.poll() is None, log.read_text()
        return "corploan is ready" in log.read_text()

    until(ready, READY_SECONDS, f"not ready in {READY_SECONDS:g} s")


async def _seed_staff(settings: Settings) -> None:
    now, hashed = datetime.now(UTC), await hash_password(DEMO_PASSWORD)
    database = Database(settings.sqlalchemy_url, pool_size=1)
    async with database.transaction() as session:
        await seed_reference_data(session)
        await set_pace(session, now, settings.day_seconds)
    async with database.transaction() as session:
        await seed_demo_staff(session, hashed, now)
    await database.close()
