"""Customers in the order of their list: a page of a hundred thousand is read, not sorted."""

from __future__ import annotations

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("customer_by_name", "customer", ["name_key", "id"])
    op.drop_index("ix_customer_name_key", "customer")


def downgrade() -> None:
    op.create_index("ix_customer_name_key", "customer", ["name_key"])
    op.drop_index("customer_by_name", "customer")
