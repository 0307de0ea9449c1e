"""Notices to the bank: written with the state change they tell, delivered until answered 2xx."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from integrations.rail.faults import take
from integrations.rail.messages import EventKind
from integrations.rail.pace import RailPace

_OPEN = "copies_left > 0"


@dataclass(frozen=True, slots=True)
class Notice:
    seq: int
    loan_id: str | None
    body: bytes
    attempts: int


def iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def emit(
    db: sqlite3.Connection,
    kind: EventKind,
    key: str,
    loan_id: str | None,
    data: Mapping[str, str | None],
    *,
    now: float,
    pace: RailPace,
) -> None:
    """One event per (kind, key): its id follows from both, so a repeat is recognisable."""
    event_id = "rail-" + hashlib.sha256(f"{kind}|{key}".encode()).hexdigest()[:40]
    body = {
        "event_id": event_id,
        "kind": kind.value,
        "loan_id": loan_id,
        "occurred_at": iso(now),
        "data": dict(data),
    }
    copies = 2 if take(db, "duplicate_notice") else 1
    held = take(db, "out_of_order")
    wait = pace.overtaken_within if held else 0.0
    wait += pace.late_by if take(db, "late_notice") else 0.0
    db.execute(
        "INSERT INTO outbox (event_id, kind, loan_id, body, copies_left, held, due_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (event_id, kind.value, loan_id, _canonical(body), copies, int(held), now + wait),
    )


def due(db: sqlite3.Connection, now: float, limit: int) -> list[Notice]:
    rows = db.execute(
        f"SELECT seq, loan_id, body, attempts FROM outbox "  # noqa: S608 - a constant
        f"WHERE {_OPEN} AND due_at <= ? ORDER BY seq LIMIT ?",
        (now, limit),
    )
    return [Notice(r["seq"], r["loan_id"], r["body"].encode(), r["attempts"]) for r in rows]


def next_due_at(db: sqlite3.Connection) -> float | None:
    row = db.execute(f"SELECT min(due_at) FROM outbox WHERE {_OPEN}").fetchone()  # noqa: S608 - a constant
    return None if row[0] is None else float(row[0])


def delivered(db: sqlite3.Connection, seqs: Sequence[int], now: float) -> None:
    """Count the copies down, and let go of earlier notices that these have overtaken."""
    for seq in seqs:
        db.execute("UPDATE outbox SET copies_left = copies_left - 1 WHERE seq = ?", (seq,))
        db.execute("UPDATE outbox SET held = 0, due_at = ? WHERE held = 1 AND seq < ?", (now, seq))


def postpone(db: sqlite3.Connection, notice: Notice, now: float, pace: RailPace) -> None:
    # The exponent is bounded: after years of refusals 2**attempts would not fit a float.
    wait = min(pace.retry_first * 2 ** min(notice.attempts, 20), pace.retry_longest)
    db.execute(
        "UPDATE outbox SET attempts = attempts + 1, due_at = ? WHERE seq = ?",
        (now + wait, notice.seq),
    )


def pending(db: sqlite3.Connection) -> int:
    return int(db.execute(f"SELECT count(*) FROM outbox WHERE {_OPEN}").fetchone()[0])  # noqa: S608 - a constant


def _canonical(body: Mapping[str, object]) -> str:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
