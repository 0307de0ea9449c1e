"""Is the external database there? Asked before anything is started on top of it."""

from __future__ import annotations

import psycopg
from psycopg.conninfo import conninfo_to_dict

from runner.refusal import StartRefused

MAJOR_VERSION_MIN = 15


async def check_external_database(url: str) -> None:
    """Refuse clearly, and never with the password, when DATABASE_URL does not answer."""
    try:
        connection = await psycopg.AsyncConnection.connect(url, connect_timeout=10)
    except psycopg.Error as cause:
        reason = str(cause).strip().splitlines()[-1]
        raise StartRefused(f"DATABASE_URL ({_place(url)}) cannot be used: {reason}") from None
    async with connection:
        version = connection.info.server_version // 10_000
    if version < MAJOR_VERSION_MIN:
        raise StartRefused(
            f"DATABASE_URL is PostgreSQL {version}; version {MAJOR_VERSION_MIN} or newer is needed."
        )


def _place(url: str) -> str:
    try:
        parts = conninfo_to_dict(url)
    except psycopg.Error:
        return "not a valid address"
    where = f"{parts.get('host', 'localhost')}:{parts.get('port', 5432)}"
    return f"{where}/{parts.get('dbname', '')}"
