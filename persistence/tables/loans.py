"""A loan's place in its process: case, stages, tasks, hands, envelopes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from persistence.tables.columns import code, document, in_range, instant, money, prose, rate


class Loan(SQLModel, table=True):
    """The case as it stands now. Written only by activities, guarded by `version`."""

    __tablename__ = "loan"
    __table_args__ = (
        in_range("loan", "amount"),
        in_range("loan", "outstanding", zero_allowed=True),
    )
    id: UUID = Field(primary_key=True)
    case_number: str = Field(max_length=40, unique=True)
    customer_id: UUID = Field(foreign_key="customer.id", index=True)
    officer_id: UUID = Field(foreign_key="staff.id", index=True)
    origin: str = Field(sa_column=code())
    product_code: str = Field(max_length=40)
    product_version: int
    amount: Decimal = Field(sa_column=money())
    currency: str = Field(max_length=3)
    tenor_months: int
    method: str = Field(sa_column=code())
    facts: dict[str, Any] = Field(sa_column=document())
    statements: dict[str, Any] = Field(sa_column=document())
    stage: str = Field(sa_column=code(index=True))
    status: str = Field(sa_column=code(index=True))
    wait_reason: str = Field(sa_column=code())
    deadline_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    entered_at: datetime = Field(sa_column=instant())
    submitted_at: datetime = Field(sa_column=instant(index=True))
    version: int
    grade: str | None = Field(default=None, max_length=8)
    yearly_rate: Decimal | None = Field(default=None, sa_column=rate(nullable=True))
    conditions_met_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    promise_on: date | None = None
    promise_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    drawn_on: date | None = None
    paid_out_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    outstanding: Decimal = Field(default=Decimal(0), sa_column=money())
    next_due_on: date | None = None
    arrears_noted: int = 0
    booked_to_on: date | None = None
    """The day up to which the ledger holds the account; None before it is kept as events."""
    closed_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    closed_reason: str | None = Field(default=None, max_length=60)


class StageEntry(SQLModel, table=True):
    """One stay of a case in one stage."""

    __tablename__ = "stage_entry"
    __table_args__ = (UniqueConstraint("loan_id", "version"),)
    id: int | None = Field(default=None, primary_key=True)
    loan_id: UUID = Field(foreign_key="loan.id", index=True)
    stage: str = Field(sa_column=code())
    version: int
    entered_at: datetime = Field(sa_column=instant())
    deadline_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    left_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    returned: bool = False
    blocked: bool = False
    overridden: bool = False


class Task(SQLModel, table=True):
    """A human task with its deadline ladder. Opened and closed by the workflow's activities."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("loan_id", "kind", "version"),
        Index(
            "task_one_open",
            "loan_id",
            "kind",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
    )
    id: UUID = Field(primary_key=True)
    loan_id: UUID = Field(foreign_key="loan.id", index=True)
    kind: str = Field(sa_column=code())
    role: str = Field(sa_column=code(index=True))
    version: int
    claimed_by: UUID | None = Field(default=None, foreign_key="staff.id")
    opened_at: datetime = Field(sa_column=instant())
    remind_at: datetime = Field(sa_column=instant())
    due_at: datetime = Field(sa_column=instant(index=True))
    next_level_at: datetime = Field(sa_column=instant())
    lapse_at: datetime = Field(sa_column=instant())
    level: int = 0
    paused_seconds_left: int | None = None
    pause_reason: str | None = Field(default=None, max_length=60)
    note: str | None = Field(default=None, sa_column=prose(nullable=True))
    closed_at: datetime | None = Field(default=None, sa_column=instant(nullable=True, index=True))
    outcome: str | None = Field(default=None, max_length=40)
    closed_by: UUID | None = Field(default=None, foreign_key="staff.id")


class HandRow(SQLModel, table=True):
    """Which duty a person holds on a case. One person, one hand: the primary key says so."""

    __tablename__ = "hand"
    loan_id: UUID = Field(primary_key=True, foreign_key="loan.id")
    person_id: UUID = Field(primary_key=True)
    staff_id: UUID = Field(foreign_key="staff.id")
    hand: str = Field(sa_column=code())
    role: str = Field(sa_column=code())
    taken_at: datetime = Field(sa_column=instant())


class Envelope(SQLModel, table=True):
    """A document sent to a signatory by a one-time link; only the link's hash is kept."""

    __tablename__ = "envelope"
    __table_args__ = (UniqueConstraint("loan_id", "purpose", "version"),)
    id: UUID = Field(primary_key=True)
    loan_id: UUID = Field(foreign_key="loan.id", index=True)
    purpose: str = Field(sa_column=code())
    version: int
    signer_name: str = Field(max_length=120)
    signer_email: str = Field(max_length=200)
    token_sha256: str = Field(max_length=64, unique=True)
    document_text: str = Field(sa_column=prose())
    document_sha256: str = Field(max_length=64)
    status: str = Field(sa_column=code())
    sent_at: datetime = Field(sa_column=instant())
    expires_at: datetime = Field(sa_column=instant())
    signed_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    evidence: dict[str, Any] | None = Field(default=None, sa_column=document(nullable=True))
