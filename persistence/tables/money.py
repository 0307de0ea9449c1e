"""Contract, drawdown, payout, note, receipts and the double-entry journal."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from persistence.tables.columns import code, document, exact, in_range, instant, money, rate


class Contract(SQLModel, table=True):
    """The loan contract; effective once its envelope is signed."""

    __tablename__ = "contract"
    __table_args__ = (
        in_range("contract", "principal"),
        Index(
            "contract_refinancing",
            "loan_id",
            postgresql_where=text("(terms -> 'refinances') IS NOT NULL"),
        ),
        Index(
            "contract_floating",
            text("(terms -> 'floating' ->> 'index')"),
            "loan_id",
            postgresql_where=text("(terms -> 'floating') IS NOT NULL"),
        ),
        Index(
            "contract_following",
            "loan_id",
            postgresql_where=text("(terms -> 'schedule' ->> 'holiday') = 'following'"),
        ),
    )
    loan_id: UUID = Field(primary_key=True, foreign_key="loan.id")
    number: str = Field(max_length=60, unique=True)
    terms: dict[str, Any] = Field(sa_column=document())
    terms_sha256: str = Field(max_length=64)
    document_hashes: dict[str, Any] = Field(sa_column=document())
    principal: Decimal = Field(sa_column=money())
    currency: str = Field(max_length=3)
    yearly_rate: Decimal = Field(sa_column=rate())
    penalty_uplift: Decimal = Field(sa_column=rate())
    effective_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))


class Drawdown(SQLModel, table=True):
    """One request for money under a contract. The first is the process's own, later ones people's.

    `stopped_for` is the rule that stopped it after it was signed and before it was paid.
    """

    __tablename__ = "drawdown"
    __table_args__ = (
        in_range("drawdown", "amount"),
        Index(
            "drawdown_one_under_way",
            "loan_id",
            unique=True,
            postgresql_where=text("status IN ('requested', 'released')"),
        ),
    )
    loan_id: UUID = Field(primary_key=True, foreign_key="loan.id")
    number: int = Field(primary_key=True)
    amount: Decimal = Field(sa_column=money())
    currency: str = Field(max_length=3)
    payee_name: str = Field(max_length=120)
    payee_account: str = Field(max_length=40)
    payee_bank_code: str | None = Field(default=None, max_length=20)
    method: str = Field(sa_column=code())
    terms_sha256: str = Field(max_length=64)
    status: str = Field(sa_column=code())
    requested_at: datetime = Field(sa_column=instant())
    requested_by: UUID | None = Field(default=None, foreign_key="staff.id")
    requester_person_id: UUID | None = None
    stopped_for: str | None = Field(default=None, max_length=60)


class UndrawnLapse(SQLModel, table=True):
    """What was still undrawn when a loan's availability period ended; it cannot be drawn again."""

    __tablename__ = "undrawn_lapse"
    __table_args__ = (in_range("undrawn_lapse", "amount"),)
    loan_id: UUID = Field(primary_key=True, foreign_key="loan.id")
    amount: Decimal = Field(sa_column=money())
    currency: str = Field(max_length=3)
    lapsed_on: date
    lapsed_at: datetime = Field(sa_column=instant())


class ReleaseSign(SQLModel, table=True):
    """One release officer's signature on one drawdown (放款审核 / 复核)."""

    __tablename__ = "release_sign"
    loan_id: UUID = Field(primary_key=True, foreign_key="loan.id")
    number: int = Field(primary_key=True)
    hand: str = Field(sa_column=code())
    staff_id: UUID = Field(primary_key=True, foreign_key="staff.id")
    terms_sha256: str = Field(max_length=64)
    signed_at: datetime = Field(sa_column=instant())


class Payout(SQLModel, table=True):
    """The money's own record, by business key; one per drawdown, settled at most once."""

    __tablename__ = "payout"
    __table_args__ = (UniqueConstraint("loan_id", "drawdown"), in_range("payout", "amount"))
    key: str = Field(primary_key=True, max_length=80)
    loan_id: UUID = Field(foreign_key="loan.id", index=True)
    drawdown: int
    amount: Decimal = Field(sa_column=money())
    currency: str = Field(max_length=3)
    payee_name: str = Field(max_length=120)
    payee_account: str = Field(max_length=40)
    payee_bank_code: str | None = Field(default=None, max_length=20)
    status: str = Field(sa_column=code(index=True))
    reference: str | None = Field(default=None, max_length=80)
    reason: str | None = Field(default=None, max_length=80)
    intended_at: datetime = Field(sa_column=instant())
    settled_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))


class Instalment(SQLModel, table=True):
    """One line of the schedule, with what came due and what was paid."""

    __tablename__ = "instalment"
    __table_args__ = (
        CheckConstraint(
            "principal >= 0 AND interest >= 0 AND principal < 1e13 AND interest < 1e13"
            " AND principal_paid <= principal AND interest_paid <= interest"
            " AND penalty_paid <= penalty_accrued AND compound_paid <= compound_accrued",
            name="ck_instalment_paid_within_due",
        ),
    )
    loan_id: UUID = Field(primary_key=True, foreign_key="loan.id")
    n: int = Field(primary_key=True)
    period_start_on: date
    due_on: date = Field(index=True)
    principal: Decimal = Field(sa_column=money())
    interest: Decimal = Field(sa_column=money())
    balance_after: Decimal = Field(sa_column=money())
    principal_paid: Decimal = Field(default=Decimal(0), sa_column=money())
    interest_paid: Decimal = Field(default=Decimal(0), sa_column=money())
    penalty_accrued: Decimal = Field(default=Decimal(0), sa_column=money())
    penalty_paid: Decimal = Field(default=Decimal(0), sa_column=money())
    compound_accrued: Decimal = Field(default=Decimal(0), sa_column=money())
    compound_paid: Decimal = Field(default=Decimal(0), sa_column=money())
    fee: Decimal = Field(default=Decimal(0), sa_column=money(server_default="0"))
    fee_paid: Decimal = Field(default=Decimal(0), sa_column=money(server_default="0"))
    penalty_residual: Decimal = Field(default=Decimal(0), sa_column=exact())
    compound_residual: Decimal = Field(default=Decimal(0), sa_column=exact())
    accrued_to_on: date | None = None
    billed_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    paid_on: date | None = None


class Collection(SQLModel, table=True):
    """A direct debit (自动扣款) asked of the rail for one instalment."""

    __tablename__ = "collection"
    __table_args__ = (
        in_range("collection", "amount"),
        Index("collection_unanswered", "loan_id", postgresql_where=text("status = 'asked'")),
    )
    key: str = Field(primary_key=True, max_length=80)
    loan_id: UUID = Field(foreign_key="loan.id", index=True)
    n: int
    amount: Decimal = Field(sa_column=money())
    currency: str = Field(max_length=3)
    due_on: date
    status: str = Field(sa_column=code())
    asked_at: datetime = Field(sa_column=instant())


class Receipt(SQLModel, table=True):
    """Money that arrived, by the provider's own transaction number; posted at most once."""

    __tablename__ = "receipt"
    __table_args__ = (
        UniqueConstraint("provider", "transaction_id"),
        in_range("receipt", "amount"),
        CheckConstraint(
            "posted + suspense + refund_pending + returned = amount",
            name="ck_receipt_nothing_lost",
        ),
    )
    id: UUID = Field(primary_key=True)
    provider: str = Field(sa_column=code())
    transaction_id: str = Field(max_length=100, index=True)
    loan_id: UUID | None = Field(default=None, foreign_key="loan.id", index=True)
    amount: Decimal = Field(sa_column=money())
    currency: str = Field(max_length=3)
    value_on: date
    payer_name: str | None = Field(default=None, max_length=200)
    payer_account: str | None = Field(default=None, max_length=40, index=True)
    remittance: str | None = Field(default=None, max_length=200)
    posted: Decimal = Field(default=Decimal(0), sa_column=money())
    suspense: Decimal = Field(default=Decimal(0), sa_column=money())
    refund_pending: Decimal = Field(default=Decimal(0), sa_column=money())
    returned: Decimal = Field(default=Decimal(0), sa_column=money(server_default="0"))
    suspense_reason: str | None = Field(default=None, max_length=60)
    event_key: str | None = Field(default=None, max_length=120)
    """The account event its money is; None while that is the receipt's own first key."""
    received_at: datetime = Field(sa_column=instant())


class AllocationRow(SQLModel, table=True):
    """What part of a receipt, or of another event without one, paid what."""

    __tablename__ = "allocation"
    __table_args__ = (in_range("allocation", "amount"),)
    id: int | None = Field(default=None, primary_key=True)
    receipt_id: UUID | None = Field(default=None, foreign_key="receipt.id", index=True)
    event_key: str | None = Field(default=None, max_length=120)
    loan_id: UUID = Field(foreign_key="loan.id", index=True)
    bucket: str = Field(sa_column=code())
    n: int
    amount: Decimal = Field(sa_column=money())


class JournalRow(SQLModel, table=True):
    """One balanced journal; its key makes every booking happen once."""

    __tablename__ = "journal"
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=120, unique=True)
    kind: str = Field(sa_column=code())
    loan_id: UUID | None = Field(default=None, foreign_key="loan.id", index=True)
    business_on: date
    posted_at: datetime = Field(sa_column=instant())


class JournalLine(SQLModel, table=True):
    """One posting; debit positive, credit negative. A deferred trigger refuses a sum but zero."""

    __tablename__ = "journal_line"
    __table_args__ = (
        CheckConstraint(
            "amount <> 0 AND amount < 1e13 AND amount > -1e13", name="ck_journal_line_amount_range"
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    journal_id: int = Field(foreign_key="journal.id", index=True)
    account: str = Field(sa_column=code(index=True))
    amount: Decimal = Field(sa_column=money())
    currency: str = Field(max_length=3)
