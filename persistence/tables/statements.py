"""Bank statement files and their lines, and refunds of money that is held."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from persistence.tables.columns import code, document, in_range, instant, money, prose

OPEN_REFUNDS = ("proposed", "approved", "sent", "accepted", "unknown")


class BankStatement(SQLModel, table=True):
    """A file of bank lines as it was taken in; the same bytes are taken in once."""

    __tablename__ = "bank_statement"
    id: UUID = Field(primary_key=True)
    sha256: str = Field(max_length=64, unique=True)
    filename: str = Field(max_length=200)
    size: int
    format: str = Field(sa_column=code())
    account: str | None = Field(default=None, max_length=40)
    name: str | None = Field(default=None, max_length=200)
    lines: int
    door: str = Field(sa_column=code())
    taken_by: UUID | None = Field(default=None, foreign_key="staff.id")
    taken_at: datetime = Field(sa_column=instant(index=True))


class StatementLine(SQLModel, table=True):
    """One line of a file, and what became of it when the file was taken in.

    What a taken line has come to since is told by its receipt, found by the bank's reference.
    """

    __tablename__ = "statement_line"
    __table_args__ = (
        UniqueConstraint("statement_id", "position"),
        Index(
            "statement_line_taken_once",
            "kind",
            "reference",
            unique=True,
            postgresql_where=text("state = 'taken'"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    statement_id: UUID = Field(foreign_key="bank_statement.id")
    position: int
    number: int
    state: str = Field(sa_column=code())
    reason: str | None = Field(default=None, max_length=60)
    params: dict[str, Any] = Field(default_factory=dict, sa_column=document())
    kind: str | None = Field(default=None, max_length=40)
    reference: str | None = Field(default=None, max_length=100, index=True)
    amount: Decimal | None = Field(default=None, sa_column=money(nullable=True))
    currency: str | None = Field(default=None, max_length=3)
    value_on: date | None = None
    payer_name: str | None = Field(default=None, max_length=200)
    payer_account: str | None = Field(default=None, max_length=40)
    remittance: str | None = Field(default=None, max_length=200)
    end_to_end: str | None = Field(default=None, max_length=200)
    loan_id: UUID | None = Field(default=None, foreign_key="loan.id")
    matched_by: str | None = Field(default=None, max_length=40)


class Refund(SQLModel, table=True):
    """Held money on its way back to its payer: proposed by one person, approved by another.

    One open refund a receipt; `key` is the rail's, so that the money leaves at most once.
    """

    __tablename__ = "refund"
    __table_args__ = (
        in_range("refund", "amount"),
        Index(
            "refund_one_open",
            "receipt_id",
            unique=True,
            postgresql_where=text(f"status IN {OPEN_REFUNDS}"),
        ),
    )
    id: UUID = Field(primary_key=True)
    key: str = Field(max_length=80, unique=True)
    receipt_id: UUID = Field(foreign_key="receipt.id", index=True)
    loan_id: UUID | None = Field(default=None, foreign_key="loan.id")
    amount: Decimal = Field(sa_column=money())
    currency: str = Field(max_length=3)
    payee_name: str = Field(max_length=120)
    payee_account: str = Field(max_length=40)
    payee_bank_code: str | None = Field(default=None, max_length=20)
    reason: str = Field(sa_column=prose())
    status: str = Field(sa_column=code(index=True))
    promised: bool = False
    """Whether the money was promised back before (at the loan's end), not by this approval."""
    proposed_by: UUID = Field(foreign_key="staff.id")
    proposer_person_id: UUID
    proposed_at: datetime = Field(sa_column=instant())
    decided_by: UUID | None = Field(default=None, foreign_key="staff.id")
    decided_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    comment: str | None = Field(default=None, sa_column=prose(nullable=True))
    reference: str | None = Field(default=None, max_length=80)
    rail_reason: str | None = Field(default=None, max_length=80)
    ended_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
