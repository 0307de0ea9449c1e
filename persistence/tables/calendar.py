"""The working calendar, year by year, each version resting on two persons."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from persistence.tables.columns import code, document, instant, prose


class CalendarVersion(SQLModel, table=True):
    """One version of a year's days off and worked weekends. Decided once; the newest one rules.

    A note's due dates follow the version in force on the day it was drawn; a later version reaches
    it by an event of its own account.
    """

    __tablename__ = "calendar_version"
    __table_args__ = (
        UniqueConstraint("year", "number", name="uq_calendar_version_number"),
        CheckConstraint(
            "decided_person IS NULL OR decided_person <> proposed_person",
            name="ck_calendar_version_two_persons",
        ),
        Index(
            "uq_calendar_version_one_open",
            "year",
            unique=True,
            postgresql_where=text("status = 'proposed'"),
        ),
    )
    id: UUID = Field(primary_key=True)
    year: int
    number: int
    days: dict[str, Any] = Field(sa_column=document())
    official: bool
    source: str = Field(sa_column=prose())
    status: str = Field(sa_column=code(index=True))
    effective_on: date | None = None
    proposed_by: UUID | None = Field(default=None, foreign_key="staff.id")
    proposed_person: UUID | None = None
    proposed_at: datetime = Field(sa_column=instant())
    decided_by: UUID | None = Field(default=None, foreign_key="staff.id")
    decided_person: UUID | None = None
    decided_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
