"""What sources and papers say of a customer, and how it stands to what the customer declares."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Numeric, UniqueConstraint
from sqlmodel import Field, SQLModel

from persistence.tables.columns import code, document, instant


class CustomerVerification(SQLModel, table=True):
    """One comparison of a customer with all sources; its id is that of the work that caused it.

    `declared` is what the customer had declared when it was opened. Instants of the process;
    `summary` holds counts and the measured milliseconds.
    """

    __tablename__ = "customer_verification"
    id: UUID = Field(primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id", index=True)
    cause: str = Field(max_length=120)
    declared: dict[str, Any] = Field(sa_column=document())
    consent_id: UUID | None = None
    opened_at: datetime = Field(sa_column=instant(index=True))
    closed_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    summary: dict[str, Any] = Field(sa_column=document())


class CustomerSourceReport(SQLModel, table=True):
    """One answer (or its absence) of one source; `failure` says why there is none yet."""

    __tablename__ = "customer_source_report"
    verification_id: UUID = Field(primary_key=True, foreign_key="customer_verification.id")
    source: str = Field(primary_key=True, max_length=40)
    status: str = Field(sa_column=code())
    failure: str | None = Field(default=None, max_length=40)
    tries: int = 0
    as_of: date | None = None
    facts: dict[str, Any] = Field(sa_column=document())
    raw_sha256: str | None = Field(default=None, max_length=64)
    latency_ms: int | None = None
    consent_id: UUID | None = None
    reported_at: datetime = Field(sa_column=instant())


class CustomerComparison(SQLModel, table=True):
    """One cell of a customer's matrix, or one hit; a disposition names the proposal behind it."""

    __tablename__ = "customer_comparison"
    __table_args__ = (UniqueConstraint("verification_id", "field", "source"),)
    id: int | None = Field(default=None, primary_key=True)
    verification_id: UUID = Field(foreign_key="customer_verification.id", index=True)
    field: str = Field(sa_column=code())
    source: str = Field(sa_column=code())
    is_hit: bool = False
    declared: str = ""
    found: str | None = None
    difference: Decimal | None = Field(default=None, sa_column=Column(Numeric(20, 6)))
    tolerance: Decimal | None = Field(default=None, sa_column=Column(Numeric(20, 6)))
    verdict: str = Field(sa_column=code())
    disposition_id: UUID | None = Field(default=None, foreign_key="customer_proposal.id")


class CustomerOpinion(SQLModel, table=True):
    """What a paper of an auditor or a lawyer states; the newest of a kind is in force."""

    __tablename__ = "customer_opinion"
    id: UUID = Field(primary_key=True, foreign_key="customer_proposal.id")
    customer_id: UUID = Field(foreign_key="customer.id", index=True)
    kind: str = Field(sa_column=code())
    issuer: str = Field(max_length=120)
    issued_on: date
    facts: dict[str, Any] = Field(sa_column=document())
    known_from: datetime = Field(sa_column=instant())
