"""The sources' console: switch faults on and off, and read the log of queries."""

from __future__ import annotations

import re
import sqlite3

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from integrations.console import page
from integrations.sources import record
from integrations.sources.catalogue import SourceName
from integrations.sources.shapes import SourceFaultKind, SourceFaultOrder
from integrations.store import Store
from integrations.wire import WireRefusal, parse_form, read_form

_ROWS = 50
_DECIMAL = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?")
_WHOLE = re.compile(r"[0-9]{1,6}")
SOURCE_TEXTS: dict[str, tuple[str, str]] = {
    SourceName.REGISTRY.value: ("工商登记", "Business registry"),
    SourceName.BUREAU.value: ("征信（企业）", "Credit bureau, firm"),
    SourceName.BUREAU_CONTROLLER.value: ("征信（实际控制人）", "Credit bureau, controller"),
    SourceName.TAX.value: ("税务", "Tax"),
    SourceName.COURTS.value: ("法院", "Courts"),
    SourceName.SANCTIONS.value: ("制裁名单", "Sanctions"),
    SourceName.BANK_FLOW.value: ("银行流水", "Bank flow"),
    SourceName.INVOICES.value: ("发票", "Invoices"),
    SourceName.RELATED_PARTIES.value: ("关联方", "Related parties"),
    SourceName.COLLATERAL_REGISTRY.value: ("担保登记", "Collateral registry"),
}
FAULT_TEXTS: dict[SourceFaultKind, tuple[str, str]] = {
    "slow": ("应答缓慢", "Slow answer"),
    "down": ("服务不可用（503）", "Out of service (503)"),
    "nonsense": ("应答不成形", "Answer makes no sense"),
    "contradict": ("与申报不符", "Contradicts what was declared"),
    "adverse": ("不利信息", "Adverse facts"),
}
OUTCOME_TEXTS = {
    "answered": ("已应答", "Answered"),
    "down": ("不可用", "Down"),
    "nonsense": ("应答不成形", "Nonsense"),
    "refused": ("已拒绝", "Refused"),
}


def console_routes(store: Store) -> APIRouter:
    router = APIRouter()

    async def show(refusal: WireRefusal | None = None) -> Response:
        values = await store.run(_values)
        return page("sources.html", refusal.status if refusal else 200, **values, refusal=refusal)

    @router.get("/")
    async def console() -> Response:
        return await show()

    @router.post("/console/faults")
    async def switch_on(request: Request) -> Response:
        try:
            await store.run(record.switch_on, _order(await read_form(request)))
        except WireRefusal as refusal:
            return await show(refusal)
        return RedirectResponse("/", 303)

    @router.post("/console/clear")
    async def switch_off() -> Response:
        await store.run(record.switch_off)
        return RedirectResponse("/", 303)

    return router


def _order(fields: dict[str, str]) -> SourceFaultOrder:
    """Digits become numbers; anything else stays text, which the strict shape refuses."""
    values: dict[str, object] = dict(fields)
    seconds, count = fields.get("seconds", ""), fields.get("count", "")
    if _DECIMAL.fullmatch(seconds):
        values["seconds"] = float(seconds)
    if _WHOLE.fullmatch(count):
        values["count"] = int(count)
    return parse_form(values, SourceFaultOrder)


def _values(db: sqlite3.Connection) -> dict[str, object]:
    return {
        "faults": record.switched_on(db),
        "queries": record.queries(db, None, _ROWS),
        "source_texts": SOURCE_TEXTS,
        "fault_texts": FAULT_TEXTS,
        "outcome_texts": OUTCOME_TEXTS,
    }
