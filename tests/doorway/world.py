"""A running application on a real database, with a process that records what it is asked."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI

import api.app
from domain.commands import Receipt
from domain.identifiers import organisation_check_character, uscc_check_character
from domain.people import Role
from domain.violations import ProcessUnavailable
from doorway.application import build_app
from doorway.live import LiveEvents
from doorway.passwords import hash_password
from doorway.services import DoorSecrets, Services
from integrations.financials import StatementFiles
from integrations.papers import Press
from integrations.statements import FileReader
from persistence.document_store import DocumentStore
from persistence.engine import Database
from persistence.tables import Staff

PASSWORD = "correct horse battery"
RAIL_KEY = b"the rail's key of the tests"
_ORGANISATION = "60000715"
_BODY = "91110000" + _ORGANISATION + organisation_check_character(_ORGANISATION)
USCC = _BODY + uscc_check_character(_BODY)


@dataclass
class RecordingProcess:
    """Stands where the engine stands: remembers every command and answers once per command id."""

    asked: list[Any] = field(default_factory=list)
    looked: list[UUID] = field(default_factory=list)
    looked_at: list[UUID] = field(default_factory=list)
    days_asked: list[date] = field(default_factory=list)
    answer: Receipt = field(default_factory=lambda: Receipt(True, "CL20260101-000001", 3))
    available: bool = True

    async def _ask(self, command: Any) -> Receipt:
        if not self.available:
            raise ProcessUnavailable
        self.asked.append(command)
        return self.answer

    submit = decide = supplement = release = withdraw = extend_deadline = _ask
    propose_change = decide_change = withdraw_change = request_drawdown = _ask
    match_receipt = reverse_receipt = propose_refund = decide_refund = _ask

    decide_fixing = _ask
    decide_calendar = _ask
    propose_for_customer = decide_proposal = withdraw_proposal = _ask

    async def look_at_customer(self, customer_id: UUID) -> None:
        if not self.available:
            raise ProcessUnavailable
        self.looked_at.append(customer_id)

    async def run_day_end(self, business_on: date) -> None:
        self.days_asked.append(business_on)

    async def look(self, loan_id: UUID) -> None:
        if not self.available:
            raise ProcessUnavailable
        self.looked.append(loan_id)


@dataclass
class World:
    """The application, its parts, and a client without a cookie jar of its own."""

    app: FastAPI
    services: Services
    process: RecordingProcess
    client: httpx.AsyncClient

    async def hire(self, username: str, *roles: Role, person_id: UUID | None = None) -> UUID:
        """An account with the tests' one password."""
        staff_id = uuid4()
        async with self.services.database.transaction() as session:
            session.add(
                Staff(
                    id=staff_id,
                    person_id=person_id or uuid4(),
                    username=username,
                    name_zh=f"{username}先生",
                    name_en=f"Mr {username}",
                    roles=[role.value for role in roles],
                    password_hash=await hash_password(PASSWORD),
                )
            )
        return staff_id

    async def bearer(self, username: str) -> dict[str, str]:
        """The headers of a signed-in program."""
        answer = await self.client.post(
            "/api/v1/sessions", json={"username": username, "password": PASSWORD}
        )
        assert answer.status_code == 201, answer.text
        return {"Authorization": f"Bearer {answer.json()['token']}"}

    async def manager(self, username: str = "wang") -> dict[str, str]:
        """A hired and signed-in customer manager."""
        await self.hire(username, Role.CUSTOMER_MANAGER)
        return await self.bearer(username)

    async def draft(self, headers: dict[str, str]) -> str:
        """A fresh draft of a fresh or known customer."""
        opened = await self.client.post(
            "/api/v1/customers",
            json={"registration_number": USCC, "name": "华能测试有限公司"},
            headers=headers,
        )
        assert opened.status_code in (200, 201), opened.text
        made = await self.client.post(
            "/api/v1/drafts",
            json={"customer_id": opened.json()["id"], "product_code": "WC_ONE_OFF"},
            headers=headers,
        )
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    async def callback(
        self, body: bytes, *, key: bytes = RAIL_KEY, at: int | None = None
    ) -> httpx.Response:
        """A callback as the rail would send it."""
        signed = signature(key, body, at if at is not None else int(datetime.now(UTC).timestamp()))
        headers = {"X-Corploan-Signature": signed, "Content-Type": "application/json"}
        return await self.client.post("/callbacks/rail", content=body, headers=headers)


def signature(key: bytes, body: bytes, at: int) -> str:
    """The header value of a signed body."""
    made = hmac.new(key, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={made}"


def event(event_id: str = "e-1", loan_id: UUID | None = None, **data: Any) -> bytes:
    """A provider's event."""
    body = {
        "event_id": event_id,
        "kind": "payment.settled",
        "loan_id": str(loan_id) if loan_id else None,
        "occurred_at": "2026-01-05T09:00:00+00:00",
        "data": data,
    }
    return json.dumps(body).encode()


@asynccontextmanager
async def open_world(database: Database, folder: Path) -> AsyncIterator[World]:
    """The application as one web server would run it."""
    process = RecordingProcess()
    services = Services(
        database=database,
        process=process,
        documents=DocumentStore(folder),
        live=LiveEvents(database),
        printer=Press(),
        statements=FileReader(),
        financials=StatementFiles(),
        secrets=DoorSecrets(b"session", {"rail": RAIL_KEY}),
        public_url="http://bank.test",
        bank_name="Test",
    )
    app = build_app(services, (api.app.install,))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://bank.test") as client,
    ):
        yield World(app, services, process, client)
