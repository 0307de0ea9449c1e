"""What misuse costs by its amount, on instalments due or not."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "misuse_segment",
        sa.Column("loan_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("counts_after", sa.Date(), nullable=False),
        sa.Column("per_day", sa.Numeric(precision=38, scale=20), nullable=False),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"]),
        sa.PrimaryKeyConstraint("loan_id", "n", "from_on"),
    )


def downgrade() -> None:
    op.drop_table("misuse_segment")
