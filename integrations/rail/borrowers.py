"""Money that comes in: borrowers' accounts as they behave, direct debits, credit transfers."""

from __future__ import annotations

import hashlib
import sqlite3
from decimal import ROUND_DOWN, Decimal
from uuid import UUID

from integrations.rail.faults import take
from integrations.rail.messages import EventKind
from integrations.rail.outbox import emit, iso
from integrations.rail.pace import RailPace
from integrations.rail.payments import cents, fingerprint, same_or_refuse
from integrations.rail.shapes import Behaviour, CollectionOrder, ReceiptOrder

INSUFFICIENT_FUNDS = "AM04"  # ISO 20022 ExternalStatusReason1Code
RETURNED_UNPAID = "MD06"  # ISO 20022 ExternalReturnReason1Code: refund asked by the payer
_CENT = Decimal("0.01")


def set_behaviour(db: sqlite3.Connection, loan_id: str, behaviour: Behaviour) -> None:
    db.execute(
        "INSERT INTO behaviours (loan_id, behaviour) VALUES (?, ?) "
        "ON CONFLICT (loan_id) DO UPDATE SET behaviour = excluded.behaviour",
        (loan_id, behaviour),
    )


def behaviours(db: sqlite3.Connection) -> dict[str, str]:
    """Only the loans told to behave in some way; all others pay."""
    rows = db.execute("SELECT loan_id, behaviour FROM behaviours ORDER BY loan_id")
    return {row["loan_id"]: row["behaviour"] for row in rows}


def collect(
    db: sqlite3.Connection, order: CollectionOrder, now: float, pace: RailPace
) -> dict[str, str]:
    """Debit the borrower's account at once, as far as it allows. Idempotent by key."""
    body_sha256 = fingerprint(order)
    row = db.execute("SELECT * FROM collections WHERE key = ?", (order.key,)).fetchone()
    if row is not None:
        same_or_refuse(row, body_sha256)
        return {"key": order.key, "reference": row["reference"]}
    reference = "COL" + hashlib.sha256(order.key.encode()).hexdigest()[:24].upper()
    taken = _taken(db, order)
    _record(db, order, body_sha256, reference, taken)
    if taken > 0:
        _receive_collection(db, order, reference, taken, now=now, pace=pace)
    else:
        failure: dict[str, str | None] = {"key": order.key, "reason": INSUFFICIENT_FUNDS}
        emit(
            db,
            EventKind.COLLECTION_FAILED,
            order.key,
            str(order.loan_id),
            failure,
            now=now,
            pace=pace,
        )
    return {"key": order.key, "reference": reference}


def receive(
    db: sqlite3.Connection, order: ReceiptOrder, made_id: str, now: float, pace: RailPace
) -> dict[str, str | None]:
    """A credit transfer made by hand; `made_id` serves where the order names none."""
    transaction_id = order.transaction_id or made_id
    body_sha256 = fingerprint(order)
    row = db.execute(
        "SELECT * FROM receipts WHERE transaction_id = ?", (transaction_id,)
    ).fetchone()
    if row is not None:
        same_or_refuse(row, body_sha256)
        return _shown(row)
    loan_id, remittance = _reference(order)
    data = {
        "transaction_id": transaction_id,
        "loan_id": loan_id,
        "amount": cents(order.amount),
        "currency": order.currency,
        "value_at": iso(now),
        "payer_name": order.payer_name,
        "remittance": remittance,
    }
    _post(db, data, body_sha256, now, pace)
    return data


def receipts(db: sqlite3.Connection, limit: int) -> list[dict[str, str | None]]:
    rows = db.execute("SELECT * FROM receipts ORDER BY seq DESC LIMIT ?", (limit,))
    return [_shown(row) for row in rows]


def _taken(db: sqlite3.Connection, order: CollectionOrder) -> Decimal:
    row = db.execute(
        "SELECT behaviour FROM behaviours WHERE loan_id = ?", (str(order.loan_id),)
    ).fetchone()
    behaviour = "pays" if row is None else row["behaviour"]
    if behaviour == "refuses":
        return Decimal(0)
    amount = Decimal(order.amount)
    return (amount / 2).quantize(_CENT, ROUND_DOWN) if behaviour == "partial" else amount


def _record(
    db: sqlite3.Connection, order: CollectionOrder, body_sha256: str, reference: str, taken: Decimal
) -> None:
    full = taken == Decimal(order.amount)
    outcome = "paid" if full else "partly_paid" if taken > 0 else "failed"
    db.execute(
        "INSERT INTO collections (key, body_sha256, loan_id, amount, currency, due_on, "
        "instalment_n, reference, outcome) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            order.key,
            body_sha256,
            str(order.loan_id),
            cents(order.amount),
            order.currency,
            order.due_on.isoformat(),
            order.instalment_n,
            reference,
            outcome,
        ),
    )


def _receive_collection(
    db: sqlite3.Connection,
    order: CollectionOrder,
    reference: str,
    taken: Decimal,
    *,
    now: float,
    pace: RailPace,
) -> None:
    data: dict[str, str | None] = {
        "transaction_id": reference,
        "loan_id": str(order.loan_id),
        "amount": f"{taken:.2f}",
        "currency": order.currency,
        "value_at": iso(now),
        "payer_name": "借款人结算账户 Borrower's settlement account",
        "remittance": order.key,
    }
    _post(db, data, fingerprint(order), now, pace)


def _post(
    db: sqlite3.Connection,
    data: dict[str, str | None],
    body_sha256: str,
    now: float,
    pace: RailPace,
) -> None:
    db.execute(
        "INSERT INTO receipts (transaction_id, body_sha256, loan_id, amount, currency, value_at, "
        "payer_name, remittance) VALUES (:transaction_id, :body_sha256, :loan_id, :amount, "
        ":currency, :value_at, :payer_name, :remittance)",
        {**data, "body_sha256": body_sha256},
    )
    key = str(data["transaction_id"])
    emit(db, EventKind.RECEIPT_POSTED, key, data["loan_id"], data, now=now, pace=pace)
    if take(db, "return"):
        _return(db, data, now + pace.return_after, pace)


def _return(db: sqlite3.Connection, data: dict[str, str | None], at: float, pace: RailPace) -> None:
    """The payer's bank takes the money back a little after it came."""
    key = f"RTN{data['transaction_id']}"[:100]
    told = {
        "transaction_id": key,
        "original": data["transaction_id"],
        "amount": data["amount"],
        "currency": data["currency"],
        "value_at": iso(at),
        "reason": RETURNED_UNPAID,
    }
    emit(db, EventKind.RECEIPT_RETURNED, key, data["loan_id"], told, now=at, pace=pace)


def _reference(order: ReceiptOrder) -> tuple[str | None, str]:
    """The loan's id if one was written; any other reference stays readable in the remittance."""
    written = (order.loan_id or "").strip()
    try:
        return str(UUID(written)), order.remittance
    except ValueError:
        return None, " ".join(part for part in (written, order.remittance) if part)


def _shown(row: sqlite3.Row) -> dict[str, str | None]:
    hidden = {"seq", "body_sha256"}
    return {name: row[name] for name in row.keys() if name not in hidden}  # noqa: SIM118 - Row iterates values
