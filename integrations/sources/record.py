"""The simulator's durable record: the faults switched on, and every query with its purpose."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from integrations.sources.answers import ADVERSE, CONTRADICTED
from integrations.sources.catalogue import REQUIRES_CONSENT, SourceName
from integrations.sources.shapes import QueryOrder, SourceFaultOrder
from integrations.wire import WireRefusal


@dataclass(frozen=True, slots=True)
class Turn:
    """How this one query goes: its number, its outcome, and the faults that shape it."""

    number: int
    outcome: str
    faults: Mapping[str, float]


def switch_on(db: sqlite3.Connection, order: SourceFaultOrder) -> None:
    meaningless = (order.kind == "adverse" and order.source not in ADVERSE) or (
        order.kind == "contradict" and order.source not in CONTRADICTED
    )
    if meaningless:
        raise WireRefusal(422, "fault_not_applicable", f"{order.source}: {order.kind}")
    db.execute(
        "INSERT INTO faults (source, kind, registration_number, seconds, remaining) "
        "VALUES (?, ?, ?, ?, ?) ON CONFLICT (source, kind, registration_number) "
        "DO UPDATE SET seconds = excluded.seconds, remaining = excluded.remaining",
        (
            order.source.value,
            order.kind,
            order.registration_number or "",
            order.seconds,
            order.count,
        ),
    )


def switched_on(db: sqlite3.Connection) -> list[dict[str, object]]:
    rows = db.execute(
        "SELECT source, kind, nullif(registration_number, '') AS registration_number, "
        "seconds, remaining FROM faults ORDER BY source, kind, registration_number"
    )
    return [dict(row) for row in rows]


def switch_off(db: sqlite3.Connection, source: str | None = None) -> None:
    db.execute("DELETE FROM faults WHERE source = coalesce(?, source)", (source,))


def ask(db: sqlite3.Connection, source: SourceName, order: QueryOrder) -> Turn:
    """Log the query before anything is answered, also one that is refused or fails."""
    faults = _use_up(db, source, order.registration_number)
    outcome = "down" if "down" in faults else "nonsense" if "nonsense" in faults else "answered"
    if source in REQUIRES_CONSENT and order.consent_id is None:
        outcome = "refused"
    logged = db.execute(
        "INSERT INTO queries (asked_at, source, registration_scheme, registration_number, "
        "purpose, consent_id, outcome) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            datetime.now(UTC).isoformat(),
            source.value,
            order.registration_scheme,
            order.registration_number,
            order.purpose,
            order.consent_id,
            outcome,
        ),
    )
    return Turn(logged.lastrowid or 0, outcome, faults)


def queries(
    db: sqlite3.Connection, registration_number: str | None, limit: int
) -> list[dict[str, object]]:
    """Newest first."""
    rows = db.execute(
        "SELECT * FROM queries WHERE registration_number = coalesce(?, registration_number) "
        "ORDER BY seq DESC LIMIT ?",
        (registration_number, limit),
    )
    return [dict(row) for row in rows]


def _use_up(db: sqlite3.Connection, source: SourceName, number: str) -> dict[str, float]:
    """The faults that strike this query. One for the firm goes before one for all firms."""
    mine = (source.value, number)
    struck = db.execute(
        "SELECT kind, max(registration_number) AS number FROM faults "
        "WHERE source = ? AND registration_number IN ('', ?) GROUP BY kind",
        mine,
    ).fetchall()
    seconds: dict[str, float] = {}
    for row in struck:
        key = (source.value, row["kind"], row["number"])
        where = "WHERE source = ? AND kind = ? AND registration_number = ?"
        wait = db.execute(f"SELECT seconds FROM faults {where}", key).fetchone()  # noqa: S608 - a constant
        seconds[row["kind"]] = float(wait["seconds"])
        db.execute(f"UPDATE faults SET remaining = remaining - 1 {where}", key)  # noqa: S608 - a constant
    db.execute("DELETE FROM faults WHERE remaining <= 0")
    return seconds
