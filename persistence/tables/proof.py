"""Audit chain, inbox, idempotency, incidents, time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from persistence.tables.columns import code, document, instant, prose


class AuditEvent(SQLModel, table=True):
    """One link of the append-only chain; `sequence` has no gaps."""

    __tablename__ = "audit_event"
    sequence: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    at: datetime = Field(sa_column=instant(index=True))
    action: str = Field(sa_column=code(60, index=True))
    loan_id: UUID | None = Field(default=None, index=True)
    subject: str | None = Field(default=None, max_length=120)
    staff_id: UUID | None = None
    role: str | None = Field(default=None, max_length=40)
    data: dict[str, Any] = Field(sa_column=document())
    previous_sha256: str = Field(max_length=64)
    sha256: str = Field(max_length=64)


class InboxEvent(SQLModel, table=True):
    """A provider's verified event, kept as it came, waiting for its one effect."""

    __tablename__ = "inbox_event"
    __table_args__ = (UniqueConstraint("provider", "event_id"),)
    id: int | None = Field(default=None, primary_key=True)
    provider: str = Field(sa_column=code())
    event_id: str = Field(max_length=120)
    kind: str = Field(sa_column=code(60))
    loan_id: UUID | None = Field(default=None, index=True)
    raw: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    body: dict[str, Any] = Field(sa_column=document())
    received_at: datetime = Field(sa_column=instant())
    processed_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    outcome: str | None = Field(default=None, max_length=60)


class IdempotencyRecord(SQLModel, table=True):
    """The answer once given to a caller's key."""

    __tablename__ = "idempotency_record"
    staff_id: UUID = Field(primary_key=True)
    key: str = Field(primary_key=True, max_length=80)
    route: str = Field(max_length=200)
    body_sha256: str = Field(max_length=64)
    status: int
    answer: dict[str, Any] = Field(sa_column=document())
    answered_at: datetime = Field(sa_column=instant())


class Incident(SQLModel, table=True):
    """Something a person has to look at: an unknown payment, suspense, a forged callback."""

    __tablename__ = "incident"
    __table_args__ = (UniqueConstraint("key"),)
    id: UUID = Field(primary_key=True)
    key: str = Field(max_length=120)
    kind: str = Field(sa_column=code(index=True))
    loan_id: UUID | None = Field(default=None, foreign_key="loan.id", index=True)
    detail: dict[str, Any] = Field(sa_column=document())
    opened_at: datetime = Field(sa_column=instant())
    closed_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    closed_by: UUID | None = Field(default=None, foreign_key="staff.id")
    closing_note: str | None = Field(default=None, sa_column=prose(nullable=True))


class HistoryExport(SQLModel, table=True):
    """A closed run's exported history, with its hash (also in the audit chain)."""

    __tablename__ = "history_export"
    loan_id: UUID = Field(primary_key=True, foreign_key="loan.id")
    run_id: str = Field(primary_key=True, max_length=60)
    path: str = Field(max_length=300)
    sha256: str = Field(max_length=64)
    events: int
    exported_at: datetime = Field(sa_column=instant())


class ClockSegment(SQLModel, table=True):
    """The pace of business time from an instant on. Append only; the newest one rules."""

    __tablename__ = "clock_segment"
    id: int | None = Field(default=None, primary_key=True)
    epoch_at: datetime = Field(sa_column=instant())
    epoch_on: date
    day_seconds: int
