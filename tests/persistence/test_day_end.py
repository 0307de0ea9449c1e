"""Day end: closed in order, the same when run again, all of a day or nothing of it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from domain.accounts.events import Receipt
from domain.ledger import release_journal
from domain.money import Currency
from persistence.day_end import closing
from persistence.day_end.closing import STEPS, close_day, open_days
from persistence.engine import Database
from persistence.journals import book
from tests.persistence.note_book import AT, START, event, ledger, opened, rows

PROJECT = Path(__file__).resolve().parents[2]


async def test_a_day_run_again_books_nothing_more(database: Database) -> None:
    await opened(database)
    day = START + timedelta(days=40)
    first = await close_day(database, day)
    before = await ledger(database)
    again = await close_day(database, day)
    assert first == again
    assert await ledger(database) == before
    steps = await rows(database, "SELECT step, runs, ended_at FROM day_end_step")
    assert {row.step for row in steps} == set(STEPS)
    assert all(row.runs == 2 and row.ended_at for row in steps)


async def test_missed_days_are_named_one_by_one_holidays_too(database: Database) -> None:
    await opened(database)
    at = datetime(2026, 1, 20, 4, tzinfo=UTC)
    days = await open_days(database, at, 100)
    assert days == [START + timedelta(days=n) for n in range(5)]
    await close_day(database, days[0])
    assert await open_days(database, at, 2) == days[1:3]


async def test_a_ledger_that_is_off_by_a_cent_keeps_the_day_open(database: Database) -> None:
    await opened(database)
    [loan] = await rows(database, "SELECT id FROM loan LIMIT 1")
    cent = Decimal("0.01")
    stray = release_journal("stray", START, cent, Currency.CNY)
    async with database.transaction() as session:
        assert await book(session, stray, AT, loan.id)
    closed = await close_day(database, START)
    assert closed.difference == Decimal("0.01")
    assert await rows(database, "SELECT * FROM closed_period") == []
    assert await rows(database, "SELECT kind FROM incident") == [("day_end_off",)]


async def test_non_accrual_moves_interest_off_the_books(database: Database) -> None:
    await opened(database)
    for day in (START + timedelta(days=60), START + timedelta(days=125)):
        assert (await close_day(database, day)).closed
    found = await ledger(database)
    assert found["memo_interest"] > 0
    assert found["memo_interest"] == -found["memo_contra"]


async def test_an_event_waits_for_the_day_that_is_being_closed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes, day = await opened(database), START + timedelta(days=40)
    assert (await close_day(database, day)).closed
    measured, go_on = asyncio.Event(), asyncio.Event()
    ended: Any = vars(closing)["_ended"]

    async def held(*said: object) -> None:
        if "accrue" in said:
            measured.set()
            await go_on.wait()
        await ended(*said)

    loan_id, (_, events) = next(iter(notes.cases.items()))
    on = day + timedelta(days=2)
    events.append(event(Receipt, on, amount=Decimal("1000.00")))
    with monkeypatch.context() as patched:
        patched.setattr(closing, "_ended", held)
        day_end = asyncio.create_task(close_day(database, day + timedelta(days=1)))
        await measured.wait()
        posting = asyncio.create_task(notes.known(on))
        waited, _ = await asyncio.wait({posting}, timeout=0.5)
        assert not waited, "it would have been booked over or have undone the day"
        go_on.set()
        assert (await day_end).closed
    await posting
    held_shares = "SELECT booked_receivable, booked_memo FROM note_status WHERE loan_id = :loan"
    assert await rows(database, held_shares, loan=loan_id) == [(0, 0)], "given back"
    assert (await close_day(database, on)).closed


async def test_a_day_whose_process_is_killed_is_closed_by_the_next(
    database: Database, postgres_url: str
) -> None:
    await opened(database)
    day = START + timedelta(days=40)
    before = await ledger(database)
    await killed_at("snapshot", postgres_url, day.isoformat())
    steps = await rows(database, "SELECT step, ended_at FROM day_end_step ORDER BY started_at")
    assert steps[-1].step == "snapshot"
    assert steps[-1].ended_at is None, "its page shows where it stood"
    assert await ledger(database) == before
    assert await rows(database, "SELECT * FROM note_status") == []
    assert (await close_day(database, day)).closed
    assert (await ledger(database))["interest_receivable"] > 0
    [closed] = await rows(database, "SELECT business_on, difference FROM closed_period")
    assert (closed.business_on, closed.difference) == (day, Decimal("0.00"))
    steps = await rows(database, "SELECT step, runs, ended_at FROM day_end_step")
    assert {row.runs for row in steps if row.step in ("prepare", "snapshot")} == {2}
    assert all(row.ended_at for row in steps)


async def killed_at(step: str, url: str, day: str) -> None:
    """Close a day in a process of its own that is killed, with no farewell, within a step."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "tests.persistence.stuck_day_end", url, day, step),
        stdout=asyncio.subprocess.PIPE,
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )
    try:
        assert process.stdout is not None
        assert (await process.stdout.readline()).decode().strip() == step
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()
