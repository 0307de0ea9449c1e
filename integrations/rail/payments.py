"""Payments on the rail: accepted at once under their key, settled or rejected a little later."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from decimal import Decimal

from integrations.rail.faults import take
from integrations.rail.messages import EventKind, PaymentStatus
from integrations.rail.outbox import emit
from integrations.rail.pace import RailPace
from integrations.rail.shapes import PaymentOrder
from integrations.wire import StrictModel, WireRefusal

_STATE = "key, status, reference, reason, amount, currency, payee_name, payee_account"
ACCOUNT_CLOSED = "AC04"  # ISO 20022 ExternalStatusReason1Code: closed account number


@dataclass(frozen=True, slots=True)
class Booked:
    """The payment as it stands, and whether the answer is to get lost on the way back."""

    state: dict[str, str | None]
    reply_lost: bool


def cents(amount: str) -> str:
    """One spelling per amount: two decimals."""
    return f"{Decimal(amount):.2f}"


def fingerprint(order: StrictModel) -> str:
    """Equal for orders that mean the same: "100" and "100.00" do."""
    meaning = order.model_dump(mode="json")
    meaning["amount"] = cents(meaning["amount"])
    return hashlib.sha256(repr(sorted(meaning.items())).encode()).hexdigest()


def same_or_refuse(row: sqlite3.Row, body_sha256: str) -> None:
    if row["body_sha256"] != body_sha256:
        raise WireRefusal(409, "key_reused", "the key belongs to another order")


def book(db: sqlite3.Connection, order: PaymentOrder, now: float, pace: RailPace) -> Booked:
    """Idempotent by key."""
    body_sha256 = fingerprint(order)
    row = db.execute("SELECT * FROM payments WHERE key = ?", (order.key,)).fetchone()
    if row is not None:
        same_or_refuse(row, body_sha256)
        return Booked(_state(db, order.key), take(db, "lose_reply"))
    planned = ACCOUNT_CLOSED if take(db, "reject") else None
    db.execute(
        "INSERT INTO payments (key, body_sha256, amount, currency, payee_name, payee_account, "
        "payee_bank_code, loan_id, purpose, status, reference, planned_reason, ends_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'accepted', ?, ?, ?)",
        (
            order.key,
            body_sha256,
            cents(order.amount),
            order.currency,
            order.payee_name,
            order.payee_account,
            order.payee_bank_code,
            str(order.loan_id),
            order.purpose,
            "PAY" + hashlib.sha256(order.key.encode()).hexdigest()[:24].upper(),
            planned,
            now + pace.settle_delay,
        ),
    )
    return Booked(_state(db, order.key), take(db, "lose_reply"))


def find(db: sqlite3.Connection, key: str) -> dict[str, str | None]:
    if db.execute("SELECT 1 FROM payments WHERE key = ?", (key,)).fetchone() is None:
        raise WireRefusal(404, "payment_not_found")
    return _state(db, key)


def page_after(db: sqlite3.Connection, after: int, limit: int) -> dict[str, object]:
    rows = db.execute(
        f"SELECT seq, {_STATE} FROM payments WHERE seq > ? ORDER BY seq LIMIT ?",  # noqa: S608 - a constant
        (after, limit + 1),
    ).fetchall()
    shown = rows[:limit]
    states = [{name: row[name] for name in row.keys() if name != "seq"} for row in shown]  # noqa: SIM118 - Row iterates values
    return {"payments": states, "next": shown[-1]["seq"] if len(rows) > limit else None}


def finish_due(db: sqlite3.Connection, now: float, pace: RailPace) -> int:
    """Settle or reject what has waited long enough; each change and its notice are one."""
    rows = db.execute(
        "SELECT * FROM payments WHERE status = 'accepted' AND ends_at <= ? ORDER BY seq LIMIT 200",
        (now,),
    ).fetchall()
    for row in rows:
        _finish(db, row, now, pace)
    return len(rows)


def next_end_at(db: sqlite3.Connection) -> float | None:
    row = db.execute("SELECT min(ends_at) FROM payments WHERE status = 'accepted'").fetchone()
    return None if row[0] is None else float(row[0])


def latest(db: sqlite3.Connection, limit: int) -> list[sqlite3.Row]:
    return db.execute("SELECT * FROM payments ORDER BY seq DESC LIMIT ?", (limit,)).fetchall()


def _finish(db: sqlite3.Connection, row: sqlite3.Row, now: float, pace: RailPace) -> None:
    reason = row["planned_reason"]
    status = PaymentStatus.SETTLED if reason is None else PaymentStatus.REJECTED
    db.execute(
        "UPDATE payments SET status = ?, reason = ? WHERE seq = ?",
        (status.value, reason, row["seq"]),
    )
    kind = EventKind.PAYMENT_SETTLED if reason is None else EventKind.PAYMENT_REJECTED
    data = {
        "key": row["key"],
        "reference": row["reference"],
        "status": status.value,
        "reason": reason,
        "amount": row["amount"],
        "currency": row["currency"],
    }
    emit(db, kind, row["key"], row["loan_id"], data, now=now, pace=pace)


def _state(db: sqlite3.Connection, key: str) -> dict[str, str | None]:
    row = db.execute(f"SELECT {_STATE} FROM payments WHERE key = ?", (key,)).fetchone()  # noqa: S608 - a constant
    return dict(row)
