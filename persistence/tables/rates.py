"""The indices floating loans follow, and their fixings: proposed by one person, approved by two."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from persistence.tables.columns import code, instant, prose, rate


class RateIndexRow(SQLModel, table=True):
    """A published rate that contracts may follow."""

    __tablename__ = "rate_index"
    code: str = Field(primary_key=True, max_length=40)
    name_zh: str = Field(max_length=120)
    name_en: str = Field(max_length=120)


class RateFixing(SQLModel, table=True):
    """One fixing of an index. Decided once; a correction is a new row of the same first day."""

    __tablename__ = "rate_fixing"
    __table_args__ = (
        CheckConstraint(
            "yearly_rate > -1 AND yearly_rate <= 1", name="ck_rate_fixing_yearly_rate_range"
        ),
        CheckConstraint("published_on <= effective_on", name="ck_rate_fixing_dates"),
        CheckConstraint(
            "decided_person IS NULL OR decided_person <> proposed_person",
            name="ck_rate_fixing_two_persons",
        ),
        Index(
            "uq_rate_fixing_one_open",
            "index_code",
            "effective_on",
            unique=True,
            postgresql_where=text("status = 'proposed'"),
        ),
    )
    id: UUID = Field(primary_key=True)
    index_code: str = Field(foreign_key="rate_index.code", max_length=40, index=True)
    published_on: date
    effective_on: date
    yearly_rate: Decimal = Field(sa_column=rate())
    source: str = Field(sa_column=prose())
    provisional: bool = False
    status: str = Field(sa_column=code(index=True))
    proposed_by: UUID | None = Field(default=None, foreign_key="staff.id")
    proposed_person: UUID | None = None
    proposed_at: datetime = Field(sa_column=instant())
    decided_by: UUID | None = Field(default=None, foreign_key="staff.id")
    decided_person: UUID | None = None
    decided_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
