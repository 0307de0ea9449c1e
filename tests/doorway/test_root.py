"""The root's application: every page and every route admitted by name, also without an engine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount

import doors
from domain.people import Role
from doorway.admission import Public, admissions
from doorway.services import Services
from tests.conftest import free_port
from tests.doorway.test_admission import PUBLIC_ROUTES
from tests.doorway.world import PASSWORD, RecordingProcess, World

PUBLIC_PAGES = {
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("POST", "/language"),
    ("GET", "/sign/{token}"),
    ("POST", "/sign/{token}"),
    ("GET", "/refresh/{token}"),
    ("POST", "/refresh/{token}"),
}


@pytest_asyncio.fixture
async def app(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[FastAPI]:
    """What one web server runs, with nobody at the engine's address."""
    monkeypatch.setenv("CORPLOAN_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", postgres_url.replace("+psycopg", ""))
    monkeypatch.setenv("TEMPORAL_ADDRESS", f"127.0.0.1:{free_port()}")
    made = doors.create_app()
    async with made.router.lifespan_context(made):
        yield made


@pytest_asyncio.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser or a program."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://bank.test") as opened:
        yield opened


async def test_every_page_is_public_by_name_or_demands_a_sign_in(app: FastAPI) -> None:
    open_routes = set()
    for route in iter_route_contexts(app.routes):
        if route.path == "/api/openapi.json" or isinstance(route.original_route, Mount):
            continue
        declared = list(admissions(route.dependant))
        assert declared, f"{route.path} declares no admission"
        if any(isinstance(admission, Public) for admission in declared):
            open_routes |= {(method, route.path) for method in route.methods or ()}
    assert open_routes == PUBLIC_ROUTES | PUBLIC_PAGES


async def test_without_the_engine_it_starts_reads_and_says_so(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    services: Services = app.state.services
    world = World(app, services, RecordingProcess(), client)
    await world.hire("wang", Role.CUSTOMER_MANAGER)
    headers = await world.bearer("wang")
    assert (await client.get("/healthz")).status_code == 200
    draft_id = await world.draft(headers)
    answer = await client.post(
        f"/api/v1/drafts/{draft_id}/submission",
        json={},
        headers={**headers, "Idempotency-Key": "key-00001"},
    )
    assert (answer.status_code, answer.json()["code"]) == (503, "engine_unavailable")
    kept = await client.get(f"/api/v1/drafts/{draft_id}", headers=headers)
    assert kept.json()["submitted_at"] is None


async def test_a_page_is_signed_into_by_form(app: FastAPI, client: httpx.AsyncClient) -> None:
    world = World(app, app.state.services, RecordingProcess(), client)
    await world.hire("wang", Role.CUSTOMER_MANAGER)
    sent_away = await client.get("/cases")
    assert sent_away.status_code == 303
    form = {"name": "wang", "password": PASSWORD}
    assert (await client.post("/sign-in", data=form)).status_code == 303
    assert (await client.get("/cases")).status_code == 200
