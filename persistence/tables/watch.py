"""Watching customers: alerts, covenants, reviews, events, measures, notices, frozen commitments."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Numeric, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from persistence.tables.columns import code, document, instant, money, prose


class Alert(SQLModel, table=True):
    """An early-warning signal that fired for a customer: whose, by when, done how, closed by whom.

    `basis` is what it rests on; the same basis again is the same matter. `colour` may be lowered
    under four eyes, `signal_colour` is the catalogue's. `level`: 0 open, 1 reminded, 2 escalated,
    3 with the next level.
    """

    __tablename__ = "alert"
    __table_args__ = (
        Index("alert_open_of_customer", "customer_id", postgresql_where=text("closed_at IS NULL")),
    )
    id: UUID = Field(primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id", index=True)
    signal_id: str = Field(sa_column=code())
    catalogue: str = Field(max_length=40)
    signal_colour: str = Field(sa_column=code())
    colour: str = Field(sa_column=code())
    actual: bool
    freezes_undrawn: bool
    evidence_wanted: str = Field(sa_column=code())
    params: dict[str, Any] = Field(sa_column=document())
    basis: str = Field(max_length=300)
    owner_role: str = Field(sa_column=code())
    owner_id: UUID | None = Field(default=None, foreign_key="staff.id", index=True)
    opened_at: datetime = Field(sa_column=instant())
    last_seen_at: datetime = Field(sa_column=instant())
    merged_count: int = 0
    due_at: datetime = Field(sa_column=instant(index=True))
    level: int = 0
    action: str | None = Field(default=None, sa_column=prose(nullable=True))
    action_by: UUID | None = Field(default=None, foreign_key="staff.id")
    action_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    evidence: str | None = Field(default=None, sa_column=prose(nullable=True))
    closed_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    closure_proposal_id: UUID | None = Field(default=None, foreign_key="customer_proposal.id")


class Covenant(SQLModel, table=True):
    """A covenant in force, agreed under four eyes; `waived_to_on` is people's forbearance."""

    __tablename__ = "covenant"
    id: UUID = Field(primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id", index=True)
    kind: str = Field(sa_column=code())
    ratio: str | None = Field(default=None, sa_column=code(nullable=True))
    bound: Decimal | None = Field(default=None, sa_column=Column(Numeric(16, 6), nullable=True))
    every_months: int
    first_test_on: date
    grace_days: int
    agreed_at: datetime = Field(sa_column=instant())
    proposal_id: UUID = Field(foreign_key="customer_proposal.id")
    waived_to_on: date | None = None
    waiver_proposal_id: UUID | None = Field(default=None, foreign_key="customer_proposal.id")


class CovenantTest(SQLModel, table=True):
    """A covenant on one of its test dates, as it was last judged."""

    __tablename__ = "covenant_test"
    covenant_id: UUID = Field(primary_key=True, foreign_key="covenant.id")
    tested_on: date = Field(primary_key=True)
    state: str = Field(sa_column=code())
    value: Decimal | None = Field(default=None, sa_column=Column(Numeric(20, 6), nullable=True))
    statement_year: int | None = None
    judged_at: datetime = Field(sa_column=instant())


class CustomerReview(SQLModel, table=True):
    """A review of a customer: planned, opened before it is due, answered by the customer, done.

    `submission` is what the customer entered through the link, with `before` what was known then.
    """

    __tablename__ = "customer_review"
    __table_args__ = (
        Index("review_undone", "customer_id", postgresql_where=text("status <> 'done'")),
    )
    id: UUID = Field(primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id", index=True)
    cause: str = Field(max_length=120)
    status: str = Field(sa_column=code())
    plan: str = Field(max_length=40)
    planned_at: datetime = Field(sa_column=instant())
    due_on: date = Field(index=True)
    opened_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    reminders: list[int] = Field(sa_column=document())
    owner_id: UUID | None = Field(default=None, foreign_key="staff.id", index=True)
    link_number: int = 0
    submission: dict[str, Any] | None = Field(default=None, sa_column=document(nullable=True))
    before: dict[str, Any] | None = Field(default=None, sa_column=document(nullable=True))
    submitted_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    proposal_id: UUID | None = Field(default=None, foreign_key="customer_proposal.id")
    finding: str | None = Field(default=None, sa_column=prose(nullable=True))
    done_by: UUID | None = Field(default=None, foreign_key="staff.id")
    done_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))


class CustomerEvent(SQLModel, table=True):
    """Something that happened to a customer, with the fields before and after it."""

    __tablename__ = "customer_event"
    __table_args__ = (UniqueConstraint("customer_id", "source", "reference"),)
    id: UUID = Field(primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id", index=True)
    kind: str = Field(sa_column=code())
    source: str = Field(sa_column=code())
    reference: str = Field(max_length=120)
    before: dict[str, Any] = Field(sa_column=document())
    after: dict[str, Any] = Field(sa_column=document())
    happened_on: date
    recorded_at: datetime = Field(sa_column=instant(index=True))
    reported_by: UUID | None = Field(default=None, foreign_key="staff.id")


class LadderMeasure(SQLModel, table=True):
    """What the deterioration ladder suggests for a loan or the customer; people decide it.

    `status`: suggested, applied, asked (a change of the loan now awaits its own approvers) or set
    aside. No foreign key to the loan: its check would wait for a loan that an officer's signature
    holds, which itself may wait for the customer.
    """

    __tablename__ = "ladder_measure"
    __table_args__ = (UniqueConstraint("customer_id", "cause", "kind", "loan_id"),)
    id: UUID = Field(primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id", index=True)
    loan_id: UUID | None = Field(default=None, index=True)
    cause: str = Field(max_length=120)
    old_grade: str | None = Field(default=None, max_length=8)
    new_grade: str | None = Field(default=None, max_length=8)
    ladder: str = Field(max_length=40)
    rung: str = Field(sa_column=code())
    kind: str = Field(sa_column=code())
    clause: str = Field(sa_column=code())
    terms: dict[str, Any] = Field(sa_column=document())
    status: str = Field(sa_column=code(index=True))
    suggested_at: datetime = Field(sa_column=instant())
    due_at: datetime = Field(sa_column=instant())
    proposal_id: UUID | None = Field(default=None, foreign_key="customer_proposal.id")
    decided_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    effective_on: date | None = None
    applied_reference: str | None = Field(default=None, max_length=120)


class Notice(SQLModel, table=True):
    """A message to the customer or to staff of a role; its words follow from template and params.

    Kept first; a carrier outside (e-mail, SMS) takes it from here. Who read it and when is shown.
    """

    __tablename__ = "notice"
    id: UUID = Field(primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id", index=True)
    audience: str = Field(sa_column=code())
    role: str | None = Field(default=None, sa_column=code(nullable=True))
    staff_id: UUID | None = Field(default=None, foreign_key="staff.id", index=True)
    template: str = Field(sa_column=code())
    params: dict[str, Any] = Field(sa_column=document())
    language: str = Field(max_length=8)
    status: str = Field(sa_column=code(index=True))
    written_at: datetime = Field(sa_column=instant(index=True))
    delivered_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    read_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    read_by: UUID | None = Field(default=None, foreign_key="staff.id")


class UndrawnFreeze(SQLModel, table=True):
    """While it stands nothing more is drawn, of one loan or of all the customer's.

    With an `amount` only that much of the loan's agreed sum is withdrawn (an undrawn cut). No
    foreign key to the loan, as at `LadderMeasure`.
    """

    __tablename__ = "undrawn_freeze"
    __table_args__ = (UniqueConstraint("cause", "loan_id"),)
    id: UUID = Field(primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id", index=True)
    loan_id: UUID | None = Field(default=None, index=True)
    amount: Decimal | None = Field(default=None, sa_column=money(nullable=True))
    cause: str = Field(max_length=120)
    frozen_at: datetime = Field(sa_column=instant())
    lifted_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
