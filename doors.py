"""The doors' root: one application for pages and JSON API, with what both work with.

uvicorn --factory doors:create_app
"""

from __future__ import annotations

from functools import partial

from fastapi import FastAPI

import api.app
import web.site
import worker
from config import Settings, load_secrets
from doorway.application import build_app
from doorway.live import LiveEvents
from doorway.services import DoorSecrets, Services
from integrations.financials import StatementFiles
from integrations.papers import Press
from integrations.statements import FileReader
from persistence.document_store import DocumentStore
from persistence.engine import Database
from workflows.commands import LoanProcess

BANK_NAME = "corploan"


def create_app() -> FastAPI:
    """The application of one web server, from the environment's settings."""
    services = services_from(Settings.from_environment())
    return build_app(services, (api.app.install, web.site.install))


def services_from(settings: Settings) -> Services:
    """What the doors work with. The engine is reached at the first act, not at the start."""
    secrets = load_secrets(settings)
    database = Database(settings.sqlalchemy_url)
    callbacks = {
        provider: key.get_secret_value().encode() for provider, key in secrets.callbacks.items()
    }
    return Services(
        database=database,
        process=LoanProcess(partial(worker.connect, settings), settings.task_queue),
        documents=DocumentStore(settings.documents_folder),
        live=LiveEvents(database),
        printer=Press(),
        statements=FileReader(),
        financials=StatementFiles(),
        secrets=DoorSecrets(secrets.session.get_secret_value().encode(), callbacks),
        public_url=settings.public_url,
        bank_name=BANK_NAME,
    )
