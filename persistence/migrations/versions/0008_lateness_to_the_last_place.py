"""Lateness beyond whole cents, the days a note runs otherwise from, and journals that stand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0005"
branch_labels = None
depends_on = None

_RESIDUALS = ("penalty_residual", "compound_residual")


def upgrade() -> None:
    for column in _RESIDUALS:
        op.alter_column("instalment", column, type_=sa.Numeric(38, 20), existing_nullable=False)
    # lateness has run to a day only where it runs on
    op.execute("UPDATE instalment SET accrued_to_on = NULL WHERE paid_on IS NOT NULL")
    op.add_column(
        "lateness_rule",
        sa.Column("non_accrual", sa.Boolean(), server_default="false", nullable=False),
    )
    # a note that stopped earning does not earn again before its arrears are paid
    op.execute(
        "UPDATE lateness_rule r SET non_accrual = true FROM note_status s"
        " WHERE s.loan_id = r.loan_id AND s.accrual_status = 'non_accrual'"
    )
    op.add_column("lateness_rule", sa.Column("anew_on", sa.Date(), nullable=True))
    op.create_index(op.f("ix_lateness_rule_anew_on"), "lateness_rule", ["anew_on"], unique=False)
    op.create_index(
        "contract_refinancing",
        "contract",
        ["loan_id"],
        postgresql_where=sa.text("(terms -> 'refinances') IS NOT NULL"),
    )
    op.create_index(
        "collection_unanswered",
        "collection",
        ["loan_id"],
        postgresql_where=sa.text("status = 'asked'"),
    )
    # each day writes every row twice: with room in its page a new version needs no index entry
    op.execute("ALTER TABLE note_status SET (fillfactor = 35)")
    op.execute(
        "CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE ON journal"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER journal_never_truncated BEFORE TRUNCATE ON journal"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER journal_never_truncated ON journal")
    op.execute("DROP TRIGGER journal_append_only ON journal")
    op.execute("ALTER TABLE note_status RESET (fillfactor)")
    op.drop_index("collection_unanswered", table_name="collection")
    op.drop_index("contract_refinancing", table_name="contract")
    op.drop_index(op.f("ix_lateness_rule_anew_on"), table_name="lateness_rule")
    op.drop_column("lateness_rule", "anew_on")
    op.drop_column("lateness_rule", "non_accrual")
    for column in _RESIDUALS:
        op.alter_column("instalment", column, type_=sa.Numeric(12, 8), existing_nullable=False)
