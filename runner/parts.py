"""Which processes one `corploan run` is made of, after the two servers."""

from __future__ import annotations

import sys

from config import Settings
from runner.children import Gate, Part
from runner.gates import answers_health, has_written_pid
from runner.ports import WantedPort


def own_parts(settings: Settings) -> list[Part]:
    """Our own processes in the order they start; what is external is left out."""
    rail = [_rail(settings)] if settings.rail_url is None else []
    sources = [_sources(settings)] if settings.sources_url is None else []
    return [*rail, *sources, _worker(settings), _web(settings)]


def wanted_ports(settings: Settings) -> list[WantedPort]:
    """Every port `corploan run` will listen on with these settings."""
    local = "127.0.0.1"
    wanted = [WantedPort("web server", "CORPLOAN_WEB_PORT", settings.host, settings.web_port)]
    if settings.database_url is None:
        wanted.append(
            WantedPort("database", "CORPLOAN_POSTGRES_PORT", local, settings.postgres_port)
        )
    if settings.temporal_address is None:
        wanted += [
            WantedPort("Temporal server", "CORPLOAN_TEMPORAL_PORT", local, settings.temporal_port),
            WantedPort(
                "Temporal Web UI", "CORPLOAN_TEMPORAL_UI_PORT", local, settings.temporal_ui_port
            ),
        ]
    if settings.rail_url is None:
        wanted.append(WantedPort("payment rail", "CORPLOAN_RAIL_PORT", local, settings.rail_port))
    if settings.sources_url is None:
        wanted.append(WantedPort("sources", "CORPLOAN_SOURCES_PORT", local, settings.sources_port))
    return wanted


def _rail(settings: Settings) -> Part:
    return _part(settings, "Payment rail", "rail", answers_health(settings.rail_base_url))


def _sources(settings: Settings) -> Part:
    return _part(
        settings, "Sources simulator", "sources", answers_health(settings.sources_base_url)
    )


def _worker(settings: Settings) -> Part:
    return _part(settings, "Worker", "worker", has_written_pid(settings.worker_ready_file))


def _web(settings: Settings) -> Part:
    return _part(settings, "Web server", "web", answers_health(settings.local_url))


def _part(settings: Settings, name: str, command: str, ready: Gate) -> Part:
    return Part(
        name=name,
        # -P: a file named cli.py in the folder of the moment must not be taken for ours.
        command=(sys.executable, "-P", "-m", "cli", command),
        ready=ready,
        log=settings.home / "logs" / f"{command}.log",
        env=settings.as_environment() | {"PYTHONUNBUFFERED": "1"},
        stop_seconds=40.0 if command == "worker" else 15.0,
    )


def migration(settings: Settings) -> Part:
    """The one-shot process that brings the tables to today's shape."""

    async def never(_pid: int) -> bool:
        return False

    return _part(settings, "Database tables", "migrate", never)
