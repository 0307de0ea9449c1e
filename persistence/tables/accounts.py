"""What happened to each loan account, one row an event."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from persistence.tables.columns import code, document, instant


class AccountEvent(SQLModel, table=True):
    """A dated fact about a loan's money. Append only: an account is the fold of these rows."""

    __tablename__ = "account_event"
    __table_args__ = (UniqueConstraint("loan_id", "key"),)
    loan_id: UUID = Field(primary_key=True, foreign_key="loan.id")
    seq: int = Field(primary_key=True)
    key: str = Field(max_length=120)
    kind: str = Field(sa_column=code())
    value_on: date
    recorded_on: date
    body: dict[str, Any] = Field(sa_column=document())
    recorded_at: datetime = Field(sa_column=instant())
    actor: UUID | None = None
