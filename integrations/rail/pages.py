"""The rail's console: one page that shows its books and lets a person misbehave on purpose."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from secrets import token_hex

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from integrations.console import page
from integrations.rail import borrowers, faults, outbox, payments
from integrations.rail.pace import RailPace
from integrations.rail.shapes import AccountOrder, Behaviour, FaultKind, FaultOrder, ReceiptOrder
from integrations.store import Store
from integrations.wire import WireRefusal, parse_form, read_form

_ROWS = 50
FAULT_TEXTS: dict[FaultKind, tuple[str, str]] = {
    "lose_reply": ("已记账但应答丢失", "Booked, but the answer is lost"),
    "reject": ("付款被拒（AC04 账户已关闭）", "Payment rejected (AC04 account closed)"),
    "slow": ("应答缓慢", "Slow answer"),
    "down": ("服务不可用（503）", "Out of service (503)"),
    "duplicate_notice": ("通知重复送达", "Notice delivered twice"),
    "late_notice": ("通知延迟送达", "Notice delivered late"),
    "out_of_order": ("通知乱序送达", "Notice overtaken by a later one"),
    "return": ("入账后退票", "Receipt returned after it was posted"),
}
BEHAVIOUR_TEXTS: dict[Behaviour, tuple[str, str]] = {
    "pays": ("足额扣款", "Pays in full"),
    "partial": ("只够一半", "Pays half"),
    "refuses": ("余额不足", "Insufficient funds"),
}
STATUS_TEXTS = {
    "accepted": ("已受理", "Accepted"),
    "settled": ("已清算", "Settled"),
    "rejected": ("已拒绝", "Rejected"),
}


def console_routes(store: Store, pace: RailPace, wake: Callable[[], None]) -> APIRouter:
    router = APIRouter()

    async def show(refusal: WireRefusal | None = None) -> Response:
        values = await store.run(_values)
        status = 200 if refusal is None else refusal.status
        return page(
            "rail.html", status, **values, refusal=refusal, made_id=f"TRF{token_hex(12).upper()}"
        )

    @router.get("/")
    async def console() -> Response:
        return await show()

    @router.post("/console/{deed}")
    async def act(deed: str, request: Request) -> Response:
        try:
            await store.run(_do, deed, await read_form(request), pace)
        except WireRefusal as refusal:
            return await show(refusal)
        wake()
        return RedirectResponse("/", 303)

    return router


def _values(db: sqlite3.Connection) -> dict[str, object]:
    return {
        "payments": payments.latest(db, _ROWS),
        "receipts": borrowers.receipts(db, _ROWS),
        "behaviours": borrowers.behaviours(db),
        "armed": faults.armed(db),
        "pending": outbox.pending(db),
        "fault_texts": FAULT_TEXTS,
        "behaviour_texts": BEHAVIOUR_TEXTS,
        "status_texts": STATUS_TEXTS,
    }


def _do(db: sqlite3.Connection, deed: str, fields: dict[str, str], pace: RailPace) -> None:
    if deed == "faults":
        _arm(db, fields)
    elif deed == "clear":
        faults.disarm(db)
    elif deed == "behaviours":
        account = parse_form(fields, AccountOrder)
        borrowers.set_behaviour(db, str(account.loan_id), account.behaviour)
    elif deed == "receipts":
        # The form carries its own transaction id, so a double click is one receipt.
        order = parse_form(fields, ReceiptOrder)
        borrowers.receive(db, order, f"TRF{token_hex(12).upper()}", time.time(), pace)
    else:
        raise WireRefusal(404, "not_found")


def _arm(db: sqlite3.Connection, fields: dict[str, str]) -> None:
    count = fields.get("count", "1")
    number = int(count) if count.isascii() and count.isdigit() and len(count) < 7 else 0
    faults.arm(db, parse_form({**fields, "count": number}, FaultOrder))
