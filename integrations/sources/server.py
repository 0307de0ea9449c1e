"""The shipped sources: coherent answers about any firm, and faults to switch on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, FastAPI, Query, Request, Response

from integrations.console import serve_style
from integrations.sources import record
from integrations.sources.answers import Facts, facts
from integrations.sources.catalogue import SourceName
from integrations.sources.pages import console_routes
from integrations.sources.shapes import QueryOrder, SourceFaultOrder
from integrations.store import Store
from integrations.wire import WireRefusal, guard, read_body

_SCHEMA = Path(__file__).with_name("schema.sql")
_SHANGHAI = ZoneInfo("Asia/Shanghai")


def create_app(state_path: Path) -> FastAPI:
    store = Store(state_path, _SCHEMA.read_text("utf-8"))

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await store.open()
        yield
        await store.close()

    # No generated API pages: they would load scripts from elsewhere.
    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    guard(app)
    serve_style(app)
    app.include_router(_source_routes(store))
    app.include_router(_bench_routes(store))
    app.include_router(console_routes(store))
    return app


def _source_routes(store: Store) -> APIRouter:
    router = APIRouter()

    @router.post("/{source}/reports")
    async def report(source: SourceName, request: Request) -> Response:
        order = await read_body(request, QueryOrder)
        turn = await store.run(record.ask, source, order)
        await asyncio.sleep(turn.faults.get("slow", 0.0))
        if turn.outcome == "refused":
            raise WireRefusal(403, "consent_missing")
        if turn.outcome == "down":
            raise WireRefusal(503, "down")
        stated = facts(source, order, turn.faults.keys())
        if turn.outcome == "nonsense":
            return _json(_nonsense(source, stated, turn.number))
        return _json(json.dumps(_report(source, stated), ensure_ascii=False))

    return router


def _bench_routes(store: Store) -> APIRouter:
    """What a person trying things out calls."""
    router = APIRouter()

    @router.post("/faults")
    async def switch_on(request: Request) -> dict[str, list[dict[str, object]]]:
        await store.run(record.switch_on, await read_body(request, SourceFaultOrder))
        return {"faults": await store.run(record.switched_on)}

    @router.get("/faults")
    async def switched_on() -> dict[str, list[dict[str, object]]]:
        return {"faults": await store.run(record.switched_on)}

    @router.delete("/faults")
    async def switch_off(source: SourceName | None = None) -> dict[str, list[dict[str, object]]]:
        await store.run(record.switch_off, source)
        return {"faults": await store.run(record.switched_on)}

    @router.get("/queries")
    async def queries(
        registration_number: str | None = None,
        limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
    ) -> dict[str, list[dict[str, object]]]:
        return {"queries": await store.run(record.queries, registration_number, limit)}

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        await store.run(record.switched_on)
        return {"status": "ok"}

    return router


def _report(source: SourceName, stated: Facts) -> dict[str, object]:
    return {
        "source": source.value,
        "status": "answered",
        "as_of": datetime.now(_SHANGHAI).date().isoformat(),
        "facts": stated,
    }


def _nonsense(source: SourceName, stated: Facts, number: int) -> str:
    """Three kinds in turn: no JSON at all, wrong types, a fact left out."""
    whole = _report(source, stated)
    first = min(stated)
    kinds = (
        "<html><body>系统维护中</body></html>",
        json.dumps({**whole, "facts": {**stated, first: 42}}),
        json.dumps({**whole, "facts": {k: v for k, v in stated.items() if k != first}}),
    )
    return kinds[number % len(kinds)]


def _json(text: str) -> Response:
    return Response(text, media_type="application/json")
