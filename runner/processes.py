"""The body of each process: what `corploan web`, `worker`, `rail`, `sources`, `migrate` do.

Imports lie inside the functions: each process loads its own part of the product and no more,
which is a second of start time and most of the memory on a small machine.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from config import Settings, load_secrets

if TYPE_CHECKING:
    from starlette.types import ASGIApp

# Pages hold an event stream open; without a limit a stop would wait for every open tab.
GRACEFUL_SECONDS = 5


def serve_web(settings: Settings) -> None:
    """Pages and JSON API, in one server."""
    from doors import create_app

    _serve(create_app(), settings.host, settings.web_port)


def serve_rail(settings: Settings, callback_url: str | None = None) -> None:
    """The shipped payment rail. It calls back on this machine unless told otherwise."""
    from integrations.rail.server import create_app

    settings.rail_database.parent.mkdir(parents=True, exist_ok=True)
    secret = load_secrets(settings).rail.get_secret_value().encode()
    back = callback_url or f"{settings.local_url}/callbacks/rail"
    _serve(create_app(settings.rail_database, secret, back), "127.0.0.1", settings.rail_port)


def serve_sources(settings: Settings) -> None:
    """The shipped simulator of registries, bureaux, tax and courts."""
    from integrations.sources.server import create_app

    settings.sources_state.parent.mkdir(parents=True, exist_ok=True)
    _serve(create_app(settings.sources_state), "127.0.0.1", settings.sources_port)


def work(settings: Settings) -> None:
    """Run workflows and activities until asked to stop."""
    import worker

    ready_file = settings.worker_ready_file
    ready_file.parent.mkdir(parents=True, exist_ok=True)
    ready_file.unlink(missing_ok=True)

    def say_ready() -> None:
        ready_file.write_text(str(os.getpid()))

    asyncio.run(_until_asked_to_stop(worker.main(settings, say_ready)))


def migrate(settings: Settings) -> None:
    """Bring the database's tables to today's shape."""
    from persistence import schema

    schema.upgrade(settings.sqlalchemy_url)


def _serve(application: ASGIApp, host: str, port: int) -> None:
    import uvicorn

    uvicorn.run(
        application,
        host=host,
        port=port,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
    )


async def _until_asked_to_stop(main: Coroutine[Any, Any, None]) -> None:
    task = asyncio.ensure_future(main)
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, task.cancel)
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()
