"""Credit limits as a tree, and what is used of them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from persistence.tables.columns import code, document, in_range, instant, money

_OPEN = "state <> 'closed'"


class LimitNode(SQLModel, table=True):
    """One limit. Its parent never changes; `depth` orders the locks from the root to the leaf.

    A customer's node hangs on its group's, if there is one. A portfolio node has no children: it
    binds every customer of its industry. `excess_reason` says why more is used than `amount`.
    """

    __tablename__ = "limit_node"
    __table_args__ = (
        in_range("limit_node", "amount", zero_allowed=True),
        in_range("limit_node", "frozen_amount", zero_allowed=True),
        Index(
            "limit_node_one_of_customer",
            "customer_id",
            unique=True,
            postgresql_where=text(f"level = 'customer' AND {_OPEN}"),
        ),
        Index(
            "limit_node_one_of_group",
            "group_key",
            unique=True,
            postgresql_where=text(f"level = 'group' AND {_OPEN}"),
        ),
        Index(
            "limit_node_one_of_industry",
            "industry",
            unique=True,
            postgresql_where=text(f"level = 'portfolio' AND {_OPEN}"),
        ),
    )
    id: UUID = Field(primary_key=True)
    parent_id: UUID | None = Field(default=None, foreign_key="limit_node.id", index=True)
    level: str = Field(sa_column=code())
    depth: int
    name: str = Field(max_length=120)
    customer_id: UUID | None = Field(default=None, foreign_key="customer.id", index=True)
    group_key: str | None = Field(default=None, max_length=120)
    industry: str | None = Field(default=None, max_length=40)
    product_code: str | None = Field(default=None, max_length=40)
    amount: Decimal = Field(sa_column=money())
    frozen_amount: Decimal = Field(default=Decimal(0), sa_column=money())
    currency: str = Field(max_length=3)
    revolving: bool
    state: str = Field(sa_column=code(index=True))
    valid_from_on: date
    valid_to_on: date | None = None
    version: int = 1
    excess_reason: str | None = Field(default=None, max_length=40)
    exception: bool = False
    derived_amount: Decimal | None = Field(default=None, sa_column=money(nullable=True))
    proposal_id: UUID | None = Field(default=None, foreign_key="customer_proposal.id")
    set_at: datetime = Field(sa_column=instant())


class LimitUse(SQLModel, table=True):
    """What one drawdown uses of every limit on its path, from the second release signature on.

    `path` are the nodes from the root to the leaf. `outstanding` is what of it is owed now; the
    uses of a loan add up to its outstanding principal. `raised_at` is when that last rose by
    something else than the drawdown itself: a reversed receipt, capitalised interest.

    No foreign key to the loan: its check would wait for a loan that an officer's signature holds,
    which itself waits for the customer whose limit is being set.
    """

    __tablename__ = "limit_use"
    __table_args__ = (
        in_range("limit_use", "amount"),
        CheckConstraint(
            "outstanding >= 0 AND outstanding < 1e13", name="ck_limit_use_outstanding_range"
        ),
        Index("limit_use_path", "path", postgresql_using="gin"),
    )
    loan_id: UUID = Field(primary_key=True)
    drawdown: int = Field(primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id", index=True)
    path: list[UUID] = Field(sa_column=Column(ARRAY(Uuid), nullable=False))
    amount: Decimal = Field(sa_column=money())
    outstanding: Decimal = Field(default=Decimal(0), sa_column=money())
    currency: str = Field(max_length=3)
    state: str = Field(sa_column=code(index=True))
    evidence: dict[str, Any] = Field(sa_column=document())
    """What each node gave when it was reserved: its amount, its use after, its version."""
    reserved_at: datetime = Field(sa_column=instant())
    consumed_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    released_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    release_reason: str | None = Field(default=None, max_length=60)
    raised_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
