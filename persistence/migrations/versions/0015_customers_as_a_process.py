"""Customers as a process: proposals under four eyes, dossier entries, ratings, work that is due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "customer",
        sa.Column("standing", sa.String(length=40), server_default="open", nullable=False),
    )
    op.add_column(
        "customer", sa.Column("standing_since", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_table(
        "customer_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("command_id", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposer_person_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"]),
        sa.ForeignKeyConstraint(["proposed_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("customer_id", "command_id"),
    )
    op.create_index("ix_customer_proposal_customer_id", "customer_proposal", ["customer_id"])
    op.create_index("ix_customer_proposal_status", "customer_proposal", ["status"])
    op.create_table(
        "proposal_voice",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("approve", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("spoken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["customer_proposal.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("proposal_id", "person_id"),
    )
    op.create_table(
        "customer_work",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("cause", sa.String(length=120), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_customer_work_customer_id", "customer_work", ["customer_id"])
    op.create_index("ix_customer_work_due_at", "customer_work", ["due_at"])
    op.create_index(
        "customer_work_open_once",
        "customer_work",
        ["customer_id", "kind", "cause"],
        unique=True,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "dossier_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.String(length=40), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("verified_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"]),
        sa.ForeignKeyConstraint(["proposal_id"], ["customer_proposal.id"]),
        sa.ForeignKeyConstraint(["proposed_by"], ["staff.id"]),
        sa.ForeignKeyConstraint(["verified_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_dossier_entry_customer_id", "dossier_entry", ["customer_id"])
    op.create_index(
        "dossier_entry_one_in_force",
        "dossier_entry",
        ["customer_id", "section", "item"],
        unique=True,
        postgresql_where=sa.text("known_to IS NULL"),
    )
    op.create_table(
        "customer_rating",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.String(length=120), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rated_on", sa.Date(), nullable=False),
        sa.Column("valid_to_on", sa.Date(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("method", sa.String(length=80), nullable=False),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("statement_year", sa.Integer(), nullable=True),
        sa.Column("score", sa.Numeric(precision=16, scale=6), nullable=True),
        sa.Column("pd", sa.Numeric(precision=12, scale=8), nullable=True),
        sa.Column("model_grade", sa.String(length=8), nullable=True),
        sa.Column("grade", sa.String(length=8), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("challenger", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("override_proposal_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"]),
        sa.ForeignKeyConstraint(["override_proposal_id"], ["customer_proposal.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_customer_rating_customer_id", "customer_rating", ["customer_id"])
    op.create_index("ix_customer_rating_rated_at", "customer_rating", ["rated_at"])
    op.create_index(
        "customer_rating_one_in_force",
        "customer_rating",
        ["customer_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_index(
        "audit_event_of_no_loan",
        "audit_event",
        ["subject"],
        postgresql_where=sa.text("loan_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("audit_event_of_no_loan", table_name="audit_event")
    for table in (
        "customer_rating",
        "dossier_entry",
        "customer_work",
        "proposal_voice",
        "customer_proposal",
    ):
        op.drop_table(table)
    op.drop_column("customer", "standing_since")
    op.drop_column("customer", "standing")
