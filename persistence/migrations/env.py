"""Alembic's entry: one connection, one transaction, the tables of this package."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, text
from sqlmodel import SQLModel

import persistence.tables

TARGET = SQLModel.metadata
assert persistence.tables  # noqa: S101 - the import fills the metadata


def run() -> None:
    """Migrate under an advisory lock, so that two processes starting at once do not collide."""
    url = context.config.get_main_option("sqlalchemy.url")
    if url is None:
        raise RuntimeError("sqlalchemy.url is not set")
    engine = create_engine(url)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=TARGET, compare_type=True)
        with context.begin_transaction():
            connection.execute(text("SELECT pg_advisory_xact_lock(7202600)"))
            context.run_migrations()
    engine.dispose()


run()
