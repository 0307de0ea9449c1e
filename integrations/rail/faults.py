"""Misbehaviour on demand: each kind is armed for a number of times and used up."""

from __future__ import annotations

import sqlite3

from integrations.rail.shapes import FaultKind, FaultOrder


def arm(db: sqlite3.Connection, order: FaultOrder) -> None:
    db.execute(
        "INSERT INTO faults (kind, remaining) VALUES (?, ?) "
        "ON CONFLICT (kind) DO UPDATE SET remaining = excluded.remaining",
        (order.kind, order.count),
    )


def take(db: sqlite3.Connection, kind: FaultKind) -> bool:
    """Whether the fault is armed; uses it up once."""
    used = db.execute(
        "UPDATE faults SET remaining = remaining - 1 WHERE kind = ? AND remaining > 0", (kind,)
    )
    return used.rowcount == 1


def armed(db: sqlite3.Connection) -> dict[str, int]:
    rows = db.execute("SELECT kind, remaining FROM faults WHERE remaining > 0 ORDER BY kind")
    return {row["kind"]: row["remaining"] for row in rows}


def disarm(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM faults")
