"""Staff and their sign-ins."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Column, String
from sqlmodel import Field, SQLModel

from persistence.tables.columns import instant


class Staff(SQLModel, table=True):
    """A member of staff. `person_id` is the human being: two accounts of one person share it."""

    __tablename__ = "staff"
    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(index=True)
    username: str = Field(max_length=64, unique=True)
    name_zh: str = Field(max_length=120)
    name_en: str = Field(max_length=120)
    roles: list[str] = Field(sa_column=Column(ARRAY(String(40)), nullable=False))
    password_hash: str
    active: bool = True
    failed_attempts: int = 0
    locked_until: datetime | None = Field(default=None, sa_column=instant(nullable=True))


class WebSession(SQLModel, table=True):
    """A server-side session; only the token's hash is kept."""

    __tablename__ = "web_session"
    token_sha256: str = Field(primary_key=True, max_length=64)
    staff_id: UUID = Field(foreign_key="staff.id", index=True)
    csrf_token: str = Field(max_length=64)
    created_at: datetime = Field(sa_column=instant())
    expires_at: datetime = Field(sa_column=instant(index=True))
