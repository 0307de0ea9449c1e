"""Customers verified: what every source says, how it compares, what a paper states."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "customer_verification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.String(length=120), nullable=False),
        sa.Column("declared", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("summary", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_customer_verification_customer_id", "customer_verification", ["customer_id"]
    )
    op.create_index("ix_customer_verification_opened_at", "customer_verification", ["opened_at"])
    op.create_table(
        "customer_source_report",
        sa.Column("verification_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("failure", sa.String(length=40), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("raw_sha256", sa.String(length=64), nullable=True),
        sa.Column("latency_ms", sa.Integer(), nullable=True),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["verification_id"], ["customer_verification.id"]),
        sa.PrimaryKeyConstraint("verification_id", "source"),
    )
    op.create_table(
        "customer_comparison",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("verification_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("is_hit", sa.Boolean(), nullable=False),
        sa.Column("declared", sa.String(), nullable=False),
        sa.Column("found", sa.String(), nullable=True),
        sa.Column("difference", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("tolerance", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("disposition_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["verification_id"], ["customer_verification.id"]),
        sa.ForeignKeyConstraint(["disposition_id"], ["customer_proposal.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("verification_id", "field", "source"),
    )
    op.create_index(
        "ix_customer_comparison_verification_id", "customer_comparison", ["verification_id"]
    )
    op.create_table(
        "customer_opinion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("issuer", sa.String(length=120), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"]),
        sa.ForeignKeyConstraint(["id"], ["customer_proposal.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_customer_opinion_customer_id", "customer_opinion", ["customer_id"])


def downgrade() -> None:
    op.drop_table("customer_opinion")
    op.drop_table("customer_comparison")
    op.drop_table("customer_source_report")
    op.drop_table("customer_verification")
