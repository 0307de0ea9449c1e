"""What is proposed, known, rated and due for a customer."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Numeric, UniqueConstraint
from sqlmodel import Field, SQLModel

from persistence.tables.columns import code, document, instant, prose


class CustomerProposal(SQLModel, table=True):
    """Something one person proposed for a customer; it takes effect with the last approval."""

    __tablename__ = "customer_proposal"
    __table_args__ = (UniqueConstraint("customer_id", "command_id"),)
    id: UUID = Field(primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id", index=True)
    command_id: str = Field(max_length=80)
    kind: str = Field(sa_column=code())
    content: dict[str, Any] = Field(sa_column=document())
    reason: str = Field(sa_column=prose())
    status: str = Field(sa_column=code(index=True))
    proposed_by: UUID = Field(foreign_key="staff.id")
    proposer_person_id: UUID
    proposed_at: datetime = Field(sa_column=instant())
    due_at: datetime = Field(sa_column=instant())
    decided_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))


class ProposalVoice(SQLModel, table=True):
    """What one person said of a proposal; the same human being speaks once."""

    __tablename__ = "proposal_voice"
    proposal_id: UUID = Field(primary_key=True, foreign_key="customer_proposal.id")
    person_id: UUID = Field(primary_key=True)
    staff_id: UUID = Field(foreign_key="staff.id")
    approve: bool
    comment: str = Field(sa_column=prose())
    spoken_at: datetime = Field(sa_column=instant())


class CustomerWork(SQLModel, table=True):
    """A piece of work the customer's process carries out when it is due, once.

    With `due_on` it waits for that business date, and `due_at` only says when that was to be.
    """

    __tablename__ = "customer_work"
    id: UUID = Field(primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id", index=True)
    kind: str = Field(sa_column=code())
    cause: str = Field(max_length=120)
    due_at: datetime = Field(sa_column=instant(index=True))
    due_on: date | None = None
    opened_at: datetime = Field(sa_column=instant())
    done_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    outcome: str | None = Field(default=None, max_length=120)


class DossierEntry(SQLModel, table=True):
    """One item of a dossier as it was held to be true from one instant to another.

    `section` is the part of the dossier, `item` which of it (a contact, a licence). Entries are
    superseded, never changed: the dossier of any instant can be read.
    """

    __tablename__ = "dossier_entry"
    id: UUID = Field(primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id", index=True)
    section: str = Field(sa_column=code())
    item: str = Field(max_length=80)
    data: dict[str, Any] = Field(sa_column=document())
    source: str = Field(sa_column=code())
    as_of: date
    known_from: datetime = Field(sa_column=instant())
    known_to: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    proposal_id: UUID | None = Field(default=None, foreign_key="customer_proposal.id")
    proposed_by: UUID = Field(foreign_key="staff.id")
    verified_by: UUID = Field(foreign_key="staff.id")
    ended_by_proposal_id: UUID | None = Field(default=None, foreign_key="customer_proposal.id")


class CustomerDocument(SQLModel, table=True):
    """One version of a paper of a customer; the bytes lie in the document store by hash.

    What was found of its original is written once, with the approval of who did not check it.
    """

    __tablename__ = "customer_document"
    __table_args__ = (UniqueConstraint("customer_id", "kind", "version"),)
    id: UUID = Field(primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id", index=True)
    kind: str = Field(sa_column=code())
    version: int
    filename: str = Field(max_length=200)
    media_type: str = Field(max_length=80)
    size: int
    pages: int | None = None
    sha256: str = Field(max_length=64)
    issuer: str | None = Field(default=None, max_length=120)
    issued_on: date | None = None
    valid_to_on: date | None = None
    uploaded_by: UUID = Field(foreign_key="staff.id")
    uploaded_at: datetime = Field(sa_column=instant())
    verdict: str | None = Field(default=None, sa_column=code(nullable=True))
    original_seen: bool | None = None
    seen_how: str | None = Field(default=None, sa_column=code(nullable=True))
    seen_on: date | None = None
    checked_by: UUID | None = Field(default=None, foreign_key="staff.id")
    verified_by: UUID | None = Field(default=None, foreign_key="staff.id")
    verified_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    proposal_id: UUID | None = Field(default=None, foreign_key="customer_proposal.id")


class CustomerRating(SQLModel, table=True):
    """A rating with everything it rested on; the newest one that is not superseded is in force.

    `model_grade` is what the method gave, `grade` what counts, after an override if any.
    """

    __tablename__ = "customer_rating"
    id: UUID = Field(primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id", index=True)
    cause: str = Field(max_length=120)
    rated_at: datetime = Field(sa_column=instant(index=True))
    rated_on: date
    valid_to_on: date
    superseded_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    method: str = Field(max_length=80)
    model: str = Field(max_length=80)
    statement_year: int | None = None
    score: Decimal | None = Field(default=None, sa_column=Column(Numeric(16, 6)))
    pd: Decimal | None = Field(default=None, sa_column=Column(Numeric(12, 8)))
    model_grade: str | None = Field(default=None, max_length=8)
    grade: str | None = Field(default=None, max_length=8)
    detail: dict[str, Any] = Field(sa_column=document())
    challenger: dict[str, Any] = Field(sa_column=document())
    override_proposal_id: UUID | None = Field(default=None, foreign_key="customer_proposal.id")
