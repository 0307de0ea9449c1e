"""Watching customers: alerts, covenants, reviews, events, measures, notices, frozen commitments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("signal_id", sa.String(length=40), nullable=False),
        sa.Column("catalogue", sa.String(length=40), nullable=False),
        sa.Column("signal_colour", sa.String(length=40), nullable=False),
        sa.Column("colour", sa.String(length=40), nullable=False),
        sa.Column("actual", sa.Boolean(), nullable=False),
        sa.Column("freezes_undrawn", sa.Boolean(), nullable=False),
        sa.Column("evidence_wanted", sa.String(length=40), nullable=False),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("owner_role", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_count", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("action_by", sa.Uuid(), nullable=True),
        sa.Column("action_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closure_proposal_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["action_by"],
            ["staff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["closure_proposal_id"],
            ["customer_proposal.id"],
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "alert_open_of_customer",
        "alert",
        ["customer_id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(op.f("ix_alert_customer_id"), "alert", ["customer_id"], unique=False)
    op.create_index(op.f("ix_alert_due_at"), "alert", ["due_at"], unique=False)
    op.create_index(op.f("ix_alert_owner_id"), "alert", ["owner_id"], unique=False)
    op.create_table(
        "covenant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("ratio", sa.String(length=40), nullable=True),
        sa.Column("bound", sa.Numeric(precision=16, scale=6), nullable=True),
        sa.Column("every_months", sa.Integer(), nullable=False),
        sa.Column("first_test_on", sa.Date(), nullable=False),
        sa.Column("grace_days", sa.Integer(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("waived_to_on", sa.Date(), nullable=True),
        sa.Column("waiver_proposal_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["customer_proposal.id"],
        ),
        sa.ForeignKeyConstraint(
            ["waiver_proposal_id"],
            ["customer_proposal.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_covenant_customer_id"), "covenant", ["customer_id"], unique=False)
    op.create_table(
        "covenant_test",
        sa.Column("covenant_id", sa.Uuid(), nullable=False),
        sa.Column("tested_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("statement_year", sa.Integer(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["covenant_id"],
            ["covenant.id"],
        ),
        sa.PrimaryKeyConstraint("covenant_id", "tested_on"),
    )
    op.create_table(
        "customer_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("plan", sa.String(length=40), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminders", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("link_number", sa.Integer(), nullable=False),
        sa.Column("submission", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("finding", sa.Text(), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
        ),
        sa.ForeignKeyConstraint(
            ["done_by"],
            ["staff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["staff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["customer_proposal.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_customer_review_customer_id"), "customer_review", ["customer_id"], unique=False
    )
    op.create_index(op.f("ix_customer_review_due_on"), "customer_review", ["due_on"], unique=False)
    op.create_index(
        op.f("ix_customer_review_owner_id"), "customer_review", ["owner_id"], unique=False
    )
    op.create_index(
        "review_undone",
        "customer_review",
        ["customer_id"],
        unique=False,
        postgresql_where=sa.text("status <> 'done'"),
    )
    op.create_table(
        "customer_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
        ),
        sa.ForeignKeyConstraint(
            ["reported_by"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("customer_id", "source", "reference"),
    )
    op.create_index(
        op.f("ix_customer_event_customer_id"), "customer_event", ["customer_id"], unique=False
    )
    op.create_index(
        op.f("ix_customer_event_recorded_at"), "customer_event", ["recorded_at"], unique=False
    )
    op.create_table(
        "ladder_measure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("loan_id", sa.Uuid(), nullable=True),
        sa.Column("cause", sa.String(length=120), nullable=False),
        sa.Column("old_grade", sa.String(length=8), nullable=True),
        sa.Column("new_grade", sa.String(length=8), nullable=True),
        sa.Column("ladder", sa.String(length=40), nullable=False),
        sa.Column("rung", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("clause", sa.String(length=40), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("suggested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("applied_reference", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["customer_proposal.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("customer_id", "cause", "kind", "loan_id"),
    )
    op.create_index(
        op.f("ix_ladder_measure_customer_id"), "ladder_measure", ["customer_id"], unique=False
    )
    op.create_index(op.f("ix_ladder_measure_loan_id"), "ladder_measure", ["loan_id"], unique=False)
    op.create_index(op.f("ix_ladder_measure_status"), "ladder_measure", ["status"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
        ),
        sa.ForeignKeyConstraint(
            ["read_by"],
            ["staff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_notice_customer_id"), "notice", ["customer_id"], unique=False)
    op.create_index(op.f("ix_notice_staff_id"), "notice", ["staff_id"], unique=False)
    op.create_index(op.f("ix_notice_status"), "notice", ["status"], unique=False)
    op.create_index(op.f("ix_notice_written_at"), "notice", ["written_at"], unique=False)
    op.create_table(
        "undrawn_freeze",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("loan_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=20, scale=2), nullable=True),
        sa.Column("cause", sa.String(length=120), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("cause", "loan_id"),
    )
    op.create_index(
        op.f("ix_undrawn_freeze_customer_id"), "undrawn_freeze", ["customer_id"], unique=False
    )
    op.create_index(op.f("ix_undrawn_freeze_loan_id"), "undrawn_freeze", ["loan_id"], unique=False)


def downgrade() -> None:
    for table in (
        "undrawn_freeze",
        "notice",
        "ladder_measure",
        "customer_event",
        "customer_review",
        "covenant_test",
        "covenant",
        "alert",
    ):
        op.drop_table(table)
