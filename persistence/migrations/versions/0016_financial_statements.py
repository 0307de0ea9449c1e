"""Yearly statements of customers, superseded and never changed, and what files were read as."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_GUARDS = (
    """
    CREATE FUNCTION financial_statement_only_ends() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.known_to IS NOT NULL OR NEW.known_to IS NULL
            OR to_jsonb(NEW) - 'known_to' <> to_jsonb(OLD) - 'known_to' THEN
            RAISE EXCEPTION 'a statement is superseded, never changed';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER financial_statement_only_ends BEFORE UPDATE ON financial_statement
    FOR EACH ROW EXECUTE FUNCTION financial_statement_only_ends()
    """,
    """
    CREATE TRIGGER financial_statement_never_deleted BEFORE DELETE ON financial_statement
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER statement_reading_never_changed BEFORE UPDATE OR DELETE ON statement_reading
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
)


def upgrade() -> None:
    op.create_table(
        "statement_reading",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("reading", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"]),
        sa.ForeignKeyConstraint(["uploaded_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_statement_reading_customer_id", "statement_reading", ["customer_id"])
    op.create_table(
        "financial_statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("audited", sa.Boolean(), nullable=False),
        sa.Column("auditor", sa.String(length=120), nullable=False),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("reading_id", sa.Uuid(), nullable=True),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=False),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_to", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"]),
        sa.ForeignKeyConstraint(["reading_id"], ["statement_reading.id"]),
        sa.ForeignKeyConstraint(["proposal_id"], ["customer_proposal.id"]),
        sa.ForeignKeyConstraint(["proposed_by"], ["staff.id"]),
        sa.ForeignKeyConstraint(["approved_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_financial_statement_customer_id", "financial_statement", ["customer_id"])
    op.create_index(
        "financial_statement_one_in_force",
        "financial_statement",
        ["customer_id", "year"],
        unique=True,
        postgresql_where=sa.text("known_to IS NULL"),
    )
    for statement in _GUARDS:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("financial_statement")
    op.drop_table("statement_reading")
    op.execute("DROP FUNCTION financial_statement_only_ends()")
