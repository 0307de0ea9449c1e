"""Closing one business day: every step over one instant of the book, all of it or nothing.

The work stands in one transaction, so no receipt falls between two steps; its progress is written
beside it, in transactions of its own, where a page can watch it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from sqlalchemy import CursorResult, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.classification import HOUSE_CLASSIFICATION, ClassificationPolicy, FiveClass
from persistence.audit import record
from persistence.clock import business_date
from persistence.day_end import statements as say
from persistence.engine import Database
from persistence.incidents import open_incident

STEPS = (
    "prepare",
    "accrue",
    "classify",
    "contagion",
    "post",
    "snapshot",
    "tie_out",
    "close",
)
_SENTENCES: Mapping[str, tuple[str, ...]] = {
    "prepare": (say.SEGMENTS_OF_NEW_NOTES, say.RULES_OF_NEW_NOTES, say.KNOW_RULES),
    "accrue": (say.POSITIONS, say.KNOW_POSITIONS, say.MEASURE, say.KNOW_NOTES),
    "classify": (say.CLASSIFY,),
    "contagion": (say.CONTAGION,),
    "post": (
        say.STATUS_OF_KNOWN_NOTES,
        say.STATUS_OF_NEW_NOTES,
        say.KNOW_STATUS,
        say.JOURNALS,
    ),
    "snapshot": (say.SNAPSHOT_CLEAR, say.SNAPSHOT),
}
# Taken before the snapshot: what books for a note gives its share of the day back, so it waits for
# the day instead of making it start over. Two day ends wait for each other too; pages read on.
_NOBODY_ELSE = "LOCK TABLE note_status IN SHARE ROW EXCLUSIVE MODE"
# A book of a million is joined in memory; the server's own default is for many small questions.
_ROOM_TO_SORT = "SET LOCAL work_mem = '96MB'"
_NAMES = re.compile(r"(?<!:):(\w+)")
_STARTED = """
INSERT INTO day_end_step (business_on, step, rows, started_at, runs)
VALUES (:business_on, :step, 0, :started_at, 1)
ON CONFLICT (business_on, step) DO UPDATE SET
  rows = 0, started_at = excluded.started_at, ended_at = NULL, runs = day_end_step.runs + 1
RETURNING runs
"""
_ENDED = """
UPDATE day_end_step SET rows = :rows, ended_at = :ended_at
WHERE business_on = :business_on AND step = :step
"""


@dataclass(frozen=True)
class DayClosed:
    """What closing a day came to. `difference` above zero: the day stays open."""

    business_on: date
    notes: int
    difference: Decimal

    @property
    def closed(self) -> bool:
        """Whether the ledger tied out."""
        return self.difference == 0


class _Off(Exception):
    """The ledger does not tie out: the whole day is undone."""

    def __init__(self, found: DayClosed) -> None:
        super().__init__()
        self.found = found


class Clock(Protocol):
    """Reads the time; tests hand in another."""

    def __call__(self) -> datetime: ...


def _now() -> datetime:
    return datetime.now(UTC)


async def open_days(database: Database, at: datetime, most: int) -> list[date]:
    """The business days that are over and not closed, oldest first, at most so many."""
    async with database.reading() as session:
        today = await business_date(session, at)
        last = await last_closed_on(session)
        first_drawn = (await session.execute(text("SELECT min(drawn_on) FROM loan"))).scalar_one()
    first = last + timedelta(days=1) if last else first_drawn
    if first is None:
        return []
    count = min((today - first).days, most)
    return [first + timedelta(days=n) for n in range(count)]


async def last_closed_on(session: AsyncSession) -> date | None:
    """The last closed business day; nothing is booked with a value date up to it."""
    found = await session.execute(text("SELECT max(business_on) FROM closed_period"))
    day: date | None = found.scalar_one()
    return day


async def close_day(
    database: Database,
    business_on: date,
    policy: ClassificationPolicy = HOUSE_CLASSIFICATION,
    clock: Clock = _now,
) -> DayClosed:
    """Run every step for a day; run again, it comes to the same figures and books nothing twice."""
    try:
        async with database.transaction() as session:
            await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            await session.execute(text(_NOBODY_ELSE))
            await session.execute(text(_ROOM_TO_SORT))
            found = await _all_steps(database, session, business_on, policy, clock)
    except _Off as off:
        found = off.found
    async with database.transaction() as session:
        said: dict[str, Any] = {"notes": found.notes, "difference": str(found.difference)}
        action = "day.closed" if found.closed else "day.off"
        record(session, action, clock(), subject=business_on.isoformat(), **said)
        if not found.closed:
            key = f"day_end:{business_on}"
            await open_incident(session, key, "day_end_off", clock(), None, **said)
    return found


async def _all_steps(
    database: Database,
    session: AsyncSession,
    business_on: date,
    policy: ClassificationPolicy,
    clock: Clock,
) -> DayClosed:
    values = _values(business_on, policy)
    for step, sentences in _SENTENCES.items():
        values["run"], values["at"] = await _started(database, business_on, step, clock), clock()
        rows = 0
        for sentence in sentences:
            rows = max(rows, await _execute(session, sentence, values))
        await _ended(database, business_on, step, rows, clock)
    await _started(database, business_on, "tie_out", clock)
    tied = (await session.execute(text(say.TIE_OUT), _named(say.TIE_OUT, values))).one()
    found = DayClosed(business_on, tied.notes, tied.difference)
    await _ended(database, business_on, "tie_out", tied.notes, clock)
    if not found.closed:
        raise _Off(found)
    await _started(database, business_on, "close", clock)
    values |= {"difference": found.difference, "notes": found.notes, "at": clock()}
    await _execute(session, say.CLOSE, values)
    await _ended(database, business_on, "close", 1, clock)
    return found


def _values(business_on: date, policy: ClassificationPolicy) -> dict[str, Any]:
    floors = {found: days for days, found in policy.floors}
    return {
        "business_on": business_on.isoformat(),
        "opens_on": business_on + timedelta(days=1),
        "mention": floors[FiveClass.SPECIAL_MENTION],
        "substandard": floors[FiveClass.SUBSTANDARD],
        "doubtful": floors[FiveClass.DOUBTFUL],
        "loss": floors[FiveClass.LOSS],
        "operational": policy.operational_days,
        "upgrade_months": policy.upgrade_months,
        "upgrade_periods": policy.upgrade_periods,
        "observation_months": policy.observation_months,
        "observation_periods": policy.observation_periods,
        "share": policy.contagion_share,
        "classes": [found.value for found in FiveClass],
    }


def _named(sentence: str, values: Mapping[str, Any]) -> dict[str, Any]:
    asked = set(_NAMES.findall(sentence))
    return {name: value for name, value in values.items() if name in asked}


async def _execute(session: AsyncSession, sentence: str, values: Mapping[str, Any]) -> int:
    result = await session.execute(text(sentence), _named(sentence, values))
    return result.rowcount if isinstance(result, CursorResult) else 0


async def _started(database: Database, business_on: date, step: str, clock: Clock) -> int:
    async with database.transaction() as session:
        values = {"business_on": business_on, "step": step, "started_at": clock()}
        runs: int = (await session.execute(text(_STARTED), values)).scalar_one()
        return runs


async def _ended(database: Database, business_on: date, step: str, rows: int, clock: Clock) -> None:
    async with database.transaction() as session:
        values = {"business_on": business_on, "step": step, "ended_at": clock()}
        await session.execute(text(_ENDED), values | {"rows": max(rows, 0)})
        told = {"channel": "corploan_live", "payload": '{"loan": null}'}
        await session.execute(text("SELECT pg_notify(:channel, :payload)"), told)
