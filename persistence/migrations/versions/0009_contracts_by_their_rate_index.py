"""Find the contracts of a rate index without reading all others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "contract_floating",
        "contract",
        [sa.text("(terms -> 'floating' ->> 'index')"), "loan_id"],
        postgresql_where=sa.text("(terms -> 'floating') IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("contract_floating", table_name="contract")
