"""Customers, drafts and uploads: what exists before a process does."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, String, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlmodel import Field, SQLModel

from domain.customers.lookalike import SKELETON_LENGTH_MAX, skeleton
from persistence.tables.columns import code, document, instant


def _skeleton_of(context: DefaultExecutionContext) -> str:
    """Whoever opens a customer, its name's skeleton comes with it."""
    return skeleton(context.get_current_parameters()["name"])  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped


class Customer(SQLModel, table=True):
    """A corporate customer, opened once by its registration number."""

    __tablename__ = "customer"
    __table_args__ = (
        UniqueConstraint("scheme", "registration_number"),
        Index("customer_by_name", "name_key", "id"),
    )
    id: UUID = Field(primary_key=True)
    scheme: str = Field(sa_column=code())
    registration_number: str = Field(max_length=40)
    name: str = Field(max_length=200)
    name_key: str = Field(max_length=200)
    skeleton: str | None = Field(
        default=None,
        sa_column=Column(
            String(SKELETON_LENGTH_MAX), nullable=True, index=True, default=_skeleton_of
        ),
    )
    legal_representative: str | None = Field(default=None, max_length=120)
    industry: str | None = Field(default=None, max_length=40)
    established_on: date | None = None
    opened_by: UUID = Field(foreign_key="staff.id")
    opened_at: datetime = Field(sa_column=instant())
    standing: str = Field(
        default="open", sa_column=Column(String(40), nullable=False, server_default="open")
    )
    standing_since: datetime | None = Field(default=None, sa_column=instant(nullable=True))


class Draft(SQLModel, table=True):
    """An application being filled in; its id becomes the loan's id when it is submitted."""

    __tablename__ = "draft"
    id: UUID = Field(primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id", index=True)
    officer_id: UUID = Field(foreign_key="staff.id", index=True)
    product_code: str = Field(max_length=40)
    fields: dict[str, Any] = Field(sa_column=document())
    statements: dict[str, Any] = Field(sa_column=document())
    version: int = 1
    created_at: datetime = Field(sa_column=instant())
    updated_at: datetime = Field(sa_column=instant())
    submitted_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))


class Document(SQLModel, table=True):
    """One uploaded version of one document; the bytes lie in the document store by hash."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("draft_id", "kind", "version"),)
    id: UUID = Field(primary_key=True)
    draft_id: UUID = Field(foreign_key="draft.id", index=True)
    kind: str = Field(sa_column=code())
    version: int
    filename: str = Field(max_length=200)
    media_type: str = Field(max_length=80)
    size: int
    pages: int | None = None
    sha256: str = Field(max_length=64)
    uploaded_by: UUID = Field(foreign_key="staff.id")
    uploaded_at: datetime = Field(sa_column=instant())
