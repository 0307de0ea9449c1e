"""The shipped payment rail: a process of its own, with its own durable record."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Annotated
from uuid import UUID

import httpx
from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.responses import JSONResponse

from integrations.console import serve_style
from integrations.rail import borrowers, faults, outbox, payments
from integrations.rail.duties import Deliverer, Duty, delivering, settling
from integrations.rail.pace import RailPace
from integrations.rail.pages import console_routes
from integrations.rail.shapes import (
    BehaviourOrder,
    CollectionOrder,
    FaultOrder,
    PaymentOrder,
    ReceiptOrder,
)
from integrations.store import Store
from integrations.wire import WireRefusal, guard, read_body

_SCHEMA = Path(__file__).with_name("schema.sql")


@dataclass(slots=True)
class Rail:
    """One running rail: its record, its pace and its duties."""

    store: Store
    pace: RailPace
    duties: list[Duty] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def wake(self) -> None:
        for duty in self.duties:
            duty.wake()

    @property
    def working(self) -> bool:
        return bool(self.tasks) and not any(task.done() for task in self.tasks)


def create_app(
    db_path: Path, secret: bytes, callback_url: str, pace: RailPace | None = None
) -> FastAPI:
    rail = Rail(Store(db_path, _SCHEMA.read_text("utf-8")), pace or RailPace())

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with _on_duty(rail, secret, callback_url):
            yield

    # No generated API pages: they would load scripts from elsewhere.
    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    guard(app)
    serve_style(app)
    app.include_router(_provider_routes(rail))
    app.include_router(_bench_routes(rail))
    app.include_router(console_routes(rail.store, rail.pace, rail.wake))
    return app


def _on_duty(rail: Rail, secret: bytes, url: str) -> AbstractAsyncContextManager[None]:
    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        await rail.store.open()
        # trust_env=False: notices go straight to the bank, never through a proxy.
        async with httpx.AsyncClient(timeout=5.0, trust_env=False) as http:
            notices = delivering(rail.store, Deliverer(rail.store, http, url, secret, rail.pace))
            rail.duties = [settling(rail.store, rail.pace, notices.wake), notices]
            rail.tasks = [asyncio.create_task(duty.run()) for duty in rail.duties]
            try:
                yield
            finally:
                await _stop(rail.tasks)
        await rail.store.close()

    return running()


async def _stop(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task


def _provider_routes(rail: Rail) -> APIRouter:
    """What a bank's client calls. Only these suffer `slow` and `down`."""

    async def moods() -> None:
        if await rail.store.run(faults.take, "slow"):
            await asyncio.sleep(rail.pace.slow_for)
        if await rail.store.run(faults.take, "down"):
            raise WireRefusal(503, "down")

    router = APIRouter(dependencies=[Depends(moods)])

    @router.post("/payments")
    async def pay(request: Request) -> dict[str, str | None]:
        order = await read_body(request, PaymentOrder)
        booked = await rail.store.run(payments.book, order, time.time(), rail.pace)
        rail.wake()
        if booked.reply_lost:
            await asyncio.sleep(rail.pace.lost_reply_after)
            raise WireRefusal(504, "reply_lost")
        return booked.state

    @router.get("/payments")
    async def list_payments(
        after: Annotated[int, Query(ge=0, le=2**62)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    ) -> dict[str, object]:
        return await rail.store.run(payments.page_after, after, limit)

    @router.get("/payments/{key}")
    async def find_payment(key: str) -> dict[str, str | None]:
        return await rail.store.run(payments.find, key)

    @router.post("/collections")
    async def collect(request: Request) -> dict[str, str]:
        order = await read_body(request, CollectionOrder)
        answer = await rail.store.run(borrowers.collect, order, time.time(), rail.pace)
        rail.wake()
        return answer

    return router


def _bench_routes(rail: Rail) -> APIRouter:
    """What a person trying things out calls: the borrowers' side, and faults on demand."""
    router = APIRouter()

    @router.post("/accounts/{loan_id}/behaviour")
    async def behave(loan_id: UUID, request: Request) -> dict[str, str]:
        order = await read_body(request, BehaviourOrder)
        await rail.store.run(borrowers.set_behaviour, str(loan_id), order.behaviour)
        return {"loan_id": str(loan_id), "behaviour": order.behaviour}

    @router.get("/accounts")
    async def accounts() -> dict[str, str]:
        return await rail.store.run(borrowers.behaviours)

    @router.post("/receipts")
    async def receive(request: Request) -> dict[str, str | None]:
        order = await read_body(request, ReceiptOrder)
        made_id = f"TRF{token_hex(12).upper()}"
        receipt = await rail.store.run(borrowers.receive, order, made_id, time.time(), rail.pace)
        rail.wake()
        return receipt

    @router.get("/receipts")
    async def receipts(
        limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
    ) -> dict[str, list[dict[str, str | None]]]:
        return {"receipts": await rail.store.run(borrowers.receipts, limit)}

    _fault_routes(router, rail)
    return router


def _fault_routes(router: APIRouter, rail: Rail) -> None:
    @router.post("/faults")
    async def arm(request: Request) -> dict[str, int]:
        await rail.store.run(faults.arm, await read_body(request, FaultOrder))
        return await rail.store.run(faults.armed)

    @router.get("/faults")
    async def armed() -> dict[str, int]:
        return await rail.store.run(faults.armed)

    @router.delete("/faults")
    async def disarm() -> dict[str, int]:
        await rail.store.run(faults.disarm)
        return {}

    @router.get("/healthz")
    async def healthz() -> JSONResponse:
        waiting = await rail.store.run(outbox.pending)
        body = {"status": "ok" if rail.working else "broken", "notices_pending": waiting}
        return JSONResponse(body, 200 if rail.working else 503)
