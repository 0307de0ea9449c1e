"""What was found out about a case and what was decided, with the versions used."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Numeric, UniqueConstraint
from sqlmodel import Field, SQLModel

from persistence.tables.columns import code, document, instant, prose


class ProductVersion(SQLModel, table=True):
    """A product's rules; a running case stays on the version it started with."""

    __tablename__ = "product_version"
    code: str = Field(primary_key=True, max_length=40)
    version: int = Field(primary_key=True)
    data: dict[str, Any] = Field(sa_column=document())
    active_from: date


class PolicyVersion(SQLModel, table=True):
    """A decision table under version."""

    __tablename__ = "policy_version"
    code: str = Field(primary_key=True, max_length=40)
    version: int = Field(primary_key=True)
    data: dict[str, Any] = Field(sa_column=document())
    active_from: date


class SourceReportRow(SQLModel, table=True):
    """One answer (or its absence) of one information source for one case."""

    __tablename__ = "source_report"
    loan_id: UUID = Field(primary_key=True, foreign_key="loan.id")
    source: str = Field(primary_key=True, max_length=40)
    status: str = Field(sa_column=code())
    as_of: date | None = None
    facts: dict[str, Any] = Field(sa_column=document())
    raw_sha256: str | None = Field(default=None, max_length=64)
    latency_ms: int | None = None
    consent_id: UUID | None = None
    reported_at: datetime = Field(sa_column=instant())


class ComparisonRow(SQLModel, table=True):
    """One cell of the verification matrix: field x source."""

    __tablename__ = "comparison"
    __table_args__ = (UniqueConstraint("loan_id", "field", "source"),)
    id: int | None = Field(default=None, primary_key=True)
    loan_id: UUID = Field(foreign_key="loan.id", index=True)
    field: str = Field(sa_column=code())
    source: str = Field(sa_column=code())
    declared: str | None = None
    found: str | None = None
    difference: Decimal | None = Field(default=None, sa_column=Column(Numeric(20, 6)))
    tolerance: Decimal | None = Field(default=None, sa_column=Column(Numeric(20, 6)))
    verdict: str = Field(sa_column=code())


class DecisionRow(SQLModel, table=True):
    """A verdict of the engine, a reviewer or an approver, with everything it rested on."""

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("loan_id", "command_id"),)
    id: int | None = Field(default=None, primary_key=True)
    loan_id: UUID = Field(foreign_key="loan.id", index=True)
    command_id: str = Field(max_length=80)
    maker: str = Field(sa_column=code())
    verdict: str = Field(sa_column=code())
    reasons: list[str] = Field(sa_column=document())
    comment: str | None = Field(default=None, sa_column=prose(nullable=True))
    staff_id: UUID | None = Field(default=None, foreign_key="staff.id")
    decided_at: datetime = Field(sa_column=instant())
    policy_code: str | None = None
    policy_version: int | None = None
    product_version: int | None = None
    model: str | None = None
    model_version: str | None = None
    score: Decimal | None = Field(default=None, sa_column=Column(Numeric(16, 6)))
    grade: str | None = None
    pd: Decimal | None = Field(default=None, sa_column=Column(Numeric(12, 8)))
    inputs: dict[str, Any] = Field(sa_column=document())
    matched_rules: list[str] = Field(sa_column=document())
    contributions: list[dict[str, Any]] = Field(sa_column=document())
    terms_sha256: str | None = Field(default=None, max_length=64)
