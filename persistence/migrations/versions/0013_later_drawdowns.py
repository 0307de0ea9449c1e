"""Later drawdowns of a booked loan: who asked, why one was stopped, and what lapsed undrawn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("drawdown", sa.Column("requested_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "drawdown_requested_by_fkey", "drawdown", "staff", ["requested_by"], ["id"]
    )
    op.add_column("drawdown", sa.Column("requester_person_id", sa.Uuid(), nullable=True))
    op.add_column("drawdown", sa.Column("stopped_for", sa.String(length=60), nullable=True))
    op.create_index(
        "drawdown_one_under_way",
        "drawdown",
        ["loan_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('requested', 'released')"),
    )
    op.create_table(
        "undrawn_lapse",
        sa.Column("loan_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("lapsed_on", sa.Date(), nullable=False),
        sa.Column("lapsed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0 AND amount < 1e13", name="ck_undrawn_lapse_amount_range"),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"]),
        sa.PrimaryKeyConstraint("loan_id"),
    )


def downgrade() -> None:
    op.drop_table("undrawn_lapse")
    op.drop_index("drawdown_one_under_way", table_name="drawdown")
    op.drop_column("drawdown", "stopped_for")
    op.drop_column("drawdown", "requester_person_id")
    op.drop_constraint("drawdown_requested_by_fkey", "drawdown", type_="foreignkey")
    op.drop_column("drawdown", "requested_by")
