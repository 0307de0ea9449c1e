"""A customer's yearly statements, and what files of them were read as."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from persistence.tables.columns import code, document, instant


class StatementReading(SQLModel, table=True):
    """A file of statements and what it was read as. Evidence, and no fact: nothing rests on it
    but a proposal that was made from it.
    """

    __tablename__ = "statement_reading"
    id: UUID = Field(primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id", index=True)
    source: str = Field(sa_column=code())
    sha256: str = Field(max_length=64)
    filename: str = Field(max_length=200)
    media_type: str = Field(max_length=100)
    size: int
    reading: dict[str, Any] = Field(sa_column=document())
    uploaded_by: UUID = Field(foreign_key="staff.id")
    uploaded_at: datetime = Field(sa_column=instant())


class FinancialStatementRow(SQLModel, table=True):
    """One year as it was held to be true from one instant to another.

    `lines` are decimal strings in the currency. A restated year supersedes the one before, which
    stays: the statements of any instant can be read.
    """

    __tablename__ = "financial_statement"
    __table_args__ = (
        Index(
            "financial_statement_one_in_force",
            "customer_id",
            "year",
            unique=True,
            postgresql_where=text("known_to IS NULL"),
        ),
    )
    id: UUID = Field(primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id", index=True)
    year: int
    ended_on: date | None = None
    currency: str = Field(max_length=3)
    unit: str = Field(sa_column=code())
    audited: bool
    auditor: str = Field(max_length=120)
    lines: dict[str, Any] = Field(sa_column=document())
    source: str = Field(sa_column=code())
    reading_id: UUID | None = Field(default=None, foreign_key="statement_reading.id")
    proposal_id: UUID = Field(foreign_key="customer_proposal.id")
    filed_at: datetime = Field(sa_column=instant())
    proposed_by: UUID = Field(foreign_key="staff.id")
    approved_by: UUID = Field(foreign_key="staff.id")
    known_from: datetime = Field(sa_column=instant())
    known_to: datetime | None = Field(default=None, sa_column=instant(nullable=True))
