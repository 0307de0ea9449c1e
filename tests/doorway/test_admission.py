"""Deny by default: every route says who is admitted, and forms come from our own pages only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
import pytest_asyncio
from fastapi import Depends, FastAPI, Form
from fastapi.routing import iter_route_contexts
from sqlalchemy import select
from sqlmodel import col

import api.app
from domain.people import Act, Role
from doorway.admission import Public, admissions, needs, public
from doorway.application import build_app
from doorway.sessions import SESSION_COOKIE, Person
from persistence.tables import AuditEvent, WebSession
from tests.doorway.world import World

PUBLIC_ROUTES = {
    ("GET", "/healthz"),
    ("POST", "/api/v1/sessions"),
    ("POST", "/callbacks/{provider}"),
}


def _routes(app: FastAPI) -> list[Any]:
    return [route for route in iter_route_contexts(app.routes) if route.path != "/api/openapi.json"]


async def test_every_route_is_public_by_name_or_demands_a_sign_in(world: World) -> None:
    open_routes = set()
    for route in _routes(world.app):
        declared = list(admissions(route.dependant))
        assert declared, f"{route.path} declares no admission"
        if any(isinstance(admission, Public) for admission in declared):
            open_routes |= {(method, route.path) for method in route.methods}
    assert open_routes == PUBLIC_ROUTES


async def test_without_a_token_every_other_route_answers_401(world: World) -> None:
    for route in _routes(world.app):
        for method in route.methods:
            if (method, route.path) in PUBLIC_ROUTES:
                continue
            path = route.path
            for name in ("draft_id", "loan_id", "task_id", "customer_id"):
                path = path.replace(f"{{{name}}}", "00000000-0000-4000-8000-000000000000")
            answer = await world.client.request(method, path)
            assert answer.status_code == 401, (method, path)


async def test_a_route_that_declares_nothing_refuses_everybody(world: World) -> None:
    def install(app: FastAPI) -> None:
        api.app.install(app)
        app.add_api_route("/forgotten", lambda: "secret")

    app = build_app(world.services, (install,))
    async with _client(app) as client:
        answer = await client.get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.text


@pytest_asyncio.fixture
async def pages(world: World, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Two pages as page authors write them."""

    def install(app: FastAPI) -> None:
        @app.get("/page")
        async def page(person: Annotated[Person, Depends(needs(Act.SUBMIT))]) -> str:
            return person.display_name

        @app.post("/page")
        async def act(
            person: Annotated[Person, Depends(needs(Act.SUBMIT))],
            entry: Annotated[str, Form()] = "",
        ) -> str:
            return entry

        @app.post("/open", dependencies=[Depends(public)])
        async def open_form() -> str:
            return "in"

    async with _client(build_app(world.services, (install,))) as client:
        headers = await world.manager("zhao")
        client.cookies.set(SESSION_COOKIE, headers["Authorization"].removeprefix("Bearer "))
        yield client


def _client(app: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://bank.test")


async def _csrf(world: World) -> str:
    async with world.services.database.reading() as session:
        return (await session.execute(select(col(WebSession.csrf_token)))).scalar_one()


async def test_a_form_needs_the_sessions_token(world: World, pages: httpx.AsyncClient) -> None:
    token = await _csrf(world)
    assert (await pages.get("/page")).json() == "zhao先生"
    assert (await pages.post("/page", data={"entry": "a"})).status_code == 403
    assert (await pages.post("/page", data={"csrf_token": "错"})).status_code == 403
    sent = await pages.post("/page", data={"csrf_token": token, "entry": "a"})
    assert sent.json() == "a"
    by_script = await pages.post("/page", data={"entry": "b"}, headers={"X-CSRF-Token": token})
    assert by_script.json() == "b"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://bank.test"},
    ],
)
async def test_a_foreign_page_is_refused_even_with_the_token(
    world: World, pages: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    data = {"csrf_token": await _csrf(world)}
    assert (await pages.post("/page", data=data, headers=headers)).status_code == 403
    assert (await pages.post("/open", headers=headers)).status_code == 403


async def test_our_own_pages_are_let_through(world: World, pages: httpx.AsyncClient) -> None:
    own = {"Origin": "http://bank.test", "Sec-Fetch-Site": "same-origin"}
    data = {"csrf_token": await _csrf(world)}
    assert (await pages.post("/page", data=data, headers=own)).status_code == 200
    assert (await pages.post("/open", headers=own)).status_code == 200


async def test_a_cookie_reads_the_api_but_never_acts(
    world: World, pages: httpx.AsyncClient
) -> None:
    world.client.cookies.update(pages.cookies)
    assert (await world.client.get("/api/v1/loans")).status_code == 200
    for method in ("POST", "PATCH", "DELETE"):
        path = "/api/v1/sessions/current" if method == "DELETE" else "/api/v1/drafts"
        path += "/00000000-0000-4000-8000-000000000000" if method == "PATCH" else ""
        answer = await world.client.request(method, path, json={})
        assert answer.status_code == 401, method


async def test_a_missing_role_is_refused_and_noted(world: World) -> None:
    await world.hire("sun", Role.AUDITOR)
    headers = await world.bearer("sun")
    answer = await world.client.post("/api/v1/customers", json={}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")
    async with world.services.database.reading() as session:
        newest = select(AuditEvent).order_by(col(AuditEvent.sequence).desc()).limit(1)
        noted = (await session.execute(newest)).scalar_one()
    assert (noted.action, noted.data) == ("refused.open_customer", {"code": "role_missing"})


async def test_every_answer_carries_the_strict_headers(world: World) -> None:
    first, second = [await world.client.get("/nowhere") for _ in range(2)]
    assert first.status_code == 404
    assert first.headers["x-content-type-options"] == "nosniff"
    assert "unsafe" not in first.headers["content-security-policy"]
    assert first.headers["content-security-policy"] != second.headers["content-security-policy"]
    assert "strict-transport-security" not in first.headers
