"""Work of a customer that waits for a business date, whatever pace the days pass at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customer_work", sa.Column("due_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("customer_work", "due_on")
