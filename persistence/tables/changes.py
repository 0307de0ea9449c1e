"""Proposed changes of running loans, and who approved them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from persistence.tables.columns import code, document, instant, prose


class ChangeRequest(SQLModel, table=True):
    """A change as proposed; its events are appended in the transaction of the last approval."""

    __tablename__ = "change_request"
    id: UUID = Field(primary_key=True)
    loan_id: UUID = Field(foreign_key="loan.id", index=True)
    kind: str = Field(sa_column=code())
    effective_on: date
    terms: dict[str, Any] = Field(sa_column=document())
    reason: str = Field(sa_column=prose())
    status: str = Field(sa_column=code(index=True))
    account_version: int
    difference_sha256: str = Field(max_length=64)
    proposed_by: UUID = Field(foreign_key="staff.id")
    proposer_person_id: UUID
    proposed_at: datetime = Field(sa_column=instant())
    lapses_at: datetime = Field(sa_column=instant())
    decided_by: UUID | None = Field(default=None, foreign_key="staff.id")
    decided_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    comment: str | None = Field(default=None, sa_column=prose(nullable=True))


class ChangeApproval(SQLModel, table=True):
    """One person's approval; it counts only for the account it was given on."""

    __tablename__ = "change_approval"
    change_id: UUID = Field(primary_key=True, foreign_key="change_request.id")
    person_id: UUID = Field(primary_key=True)
    staff_id: UUID = Field(foreign_key="staff.id")
    account_version: int
    difference_sha256: str = Field(max_length=64)
    approved_at: datetime = Field(sa_column=instant())
