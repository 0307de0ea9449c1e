"""The case pages on a real database, with a process that records what it is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import httpx

import api.app
import web.site
from domain.people import Role
from doorway.application import build_app
from doorway.live import LiveEvents
from doorway.services import DoorSecrets, Services
from doorway.sessions import SESSION_COOKIE
from integrations.financials import StatementFiles
from integrations.papers import Press
from integrations.statements import FileReader
from persistence.document_store import DocumentStore
from persistence.engine import Database
from persistence.sessions import open_session
from persistence.tables import Staff
from tests.doorway.world import RecordingProcess
from tests.web.loans import SESSION_SECRET, Wanted, put_loan

CSRF = "csrf-of-the-tests"
ADDRESS = "http://bank.test"


@dataclass
class CaseWorld:
    """The application, its process, and a way to sign in without a password."""

    services: Services
    process: RecordingProcess
    client: httpx.AsyncClient

    async def hire(self, username: str, *roles: Role, person_id: UUID | None = None) -> UUID:
        """An account; its session's token is its name."""
        staff_id = uuid4()
        async with self.services.database.transaction() as session:
            session.add(
                Staff(
                    id=staff_id,
                    person_id=person_id or uuid4(),
                    username=username,
                    name_zh=f"{username}同事",
                    name_en=f"Colleague {username}",
                    roles=[role.value for role in roles],
                    password_hash="none",
                )
            )
            await session.flush()
            await open_session(session, staff_id, f"token-{username}", CSRF, datetime.now(UTC))
        return staff_id

    async def loan(self, officer_id: UUID, wanted: Wanted = Wanted()) -> UUID:
        """A loan put into the tables."""
        async with self.services.database.transaction() as session:
            return await put_loan(session, officer_id, wanted)

    async def read(self, username: str, path: str, language: str = "en") -> httpx.Response:
        """A page as one person sees it."""
        return await self.client.get(path, headers=_cookies(username, language))

    async def send(
        self, username: str, path: str, language: str = "en", **entries: str
    ) -> httpx.Response:
        """A form as one person sends it."""
        body = {"csrf_token": CSRF, "form_token": "token-of-the-form-1"} | entries
        return await self.client.post(path, data=body, headers=_cookies(username, language))


@asynccontextmanager
async def open_case_world(database: Database, folder: Path) -> AsyncIterator[CaseWorld]:
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
        secrets=DoorSecrets(SESSION_SECRET, {"esign": b"the signing provider's key"}),
        public_url=ADDRESS,
        bank_name="Test Bank",
    )
    app = build_app(services, (api.app.install, web.site.install))
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client,
    ):
        yield CaseWorld(services, process, client)


def _cookies(username: str, language: str) -> dict[str, str]:
    return {"Cookie": f"{SESSION_COOKIE}=token-{username}; corploan_language={language}"}
