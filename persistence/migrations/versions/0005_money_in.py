"""Money in: statement files and their lines, refunds of held money, whose money a receipt is."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_EVIDENCE = ("bank_statement", "statement_line")


def upgrade() -> None:
    op.create_table(
        "bank_statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("filename", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("account", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("door", sa.String(length=40), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["taken_by"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sha256"),
    )
    op.create_index(
        op.f("ix_bank_statement_taken_at"), "bank_statement", ["taken_at"], unique=False
    )
    op.create_table(
        "statement_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=True),
        sa.Column("amount", sa.Numeric(precision=20, scale=2), nullable=True),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=True),
        sa.Column("value_on", sa.Date(), nullable=True),
        sa.Column("payer_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("payer_account", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column("remittance", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("end_to_end", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("loan_id", sa.Uuid(), nullable=True),
        sa.Column("matched_by", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["loan_id"],
            ["loan.id"],
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["bank_statement.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("statement_id", "position"),
    )
    op.create_index(
        op.f("ix_statement_line_reference"), "statement_line", ["reference"], unique=False
    )
    op.create_index(
        "statement_line_taken_once",
        "statement_line",
        ["kind", "reference"],
        unique=True,
        postgresql_where=sa.text("state = 'taken'"),
    )
    op.create_table(
        "refund",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("receipt_id", sa.Uuid(), nullable=False),
        sa.Column("loan_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("payee_name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("payee_account", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("payee_bank_code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("promised", sa.Boolean(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposer_person_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("rail_reason", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0 AND amount < 1e13", name="ck_refund_amount_range"),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["staff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["loan_id"],
            ["loan.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"],
            ["staff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"],
            ["receipt.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index(op.f("ix_refund_receipt_id"), "refund", ["receipt_id"], unique=False)
    op.create_index(op.f("ix_refund_status"), "refund", ["status"], unique=False)
    op.create_index(
        "refund_one_open",
        "refund",
        ["receipt_id"],
        unique=True,
        postgresql_where=sa.text(
            "status IN ('proposed', 'approved', 'sent', 'accepted', 'unknown')"
        ),
    )
    op.add_column(
        "receipt",
        sa.Column("payer_account", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
    )
    op.add_column(
        "receipt",
        sa.Column("event_key", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=True),
    )
    op.create_index(op.f("ix_receipt_transaction_id"), "receipt", ["transaction_id"], unique=False)
    op.create_index(op.f("ix_receipt_payer_account"), "receipt", ["payer_account"], unique=False)
    for table in _EVIDENCE:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_never_truncated BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_index(op.f("ix_receipt_transaction_id"), table_name="receipt")
    op.drop_index(op.f("ix_receipt_payer_account"), table_name="receipt")
    op.drop_column("receipt", "event_key")
    op.drop_column("receipt", "payer_account")
    op.drop_index(
        "refund_one_open",
        table_name="refund",
        postgresql_where=sa.text(
            "status IN ('proposed', 'approved', 'sent', 'accepted', 'unknown')"
        ),
    )
    op.drop_index(op.f("ix_refund_status"), table_name="refund")
    op.drop_index(op.f("ix_refund_receipt_id"), table_name="refund")
    op.drop_table("refund")
    op.drop_index(
        "statement_line_taken_once",
        table_name="statement_line",
        postgresql_where=sa.text("state = 'taken'"),
    )
    op.drop_index(op.f("ix_statement_line_reference"), table_name="statement_line")
    op.drop_table("statement_line")
    op.drop_index(op.f("ix_bank_statement_taken_at"), table_name="bank_statement")
    op.drop_table("bank_statement")
