"""What happened to an account is never changed: events are append only."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_UP = (
    """
    CREATE TRIGGER account_event_append_only BEFORE UPDATE OR DELETE ON account_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER account_event_never_truncated BEFORE TRUNCATE ON account_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER rate_fixing_decided_once BEFORE UPDATE OR DELETE ON rate_fixing
    FOR EACH ROW WHEN (OLD.status <> 'proposed') EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER rate_fixing_never_truncated BEFORE TRUNCATE ON rate_fixing
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    "ALTER TABLE receipt DROP CONSTRAINT ck_receipt_nothing_lost",
    """
    ALTER TABLE receipt ADD CONSTRAINT ck_receipt_nothing_lost
    CHECK (posted + suspense + refund_pending + returned = amount)
    """,
    """
    ALTER TABLE instalment ADD CONSTRAINT ck_instalment_fee_within_due CHECK (fee_paid <= fee)
    """,
)
_DOWN = (
    "ALTER TABLE instalment DROP CONSTRAINT ck_instalment_fee_within_due",
    "ALTER TABLE receipt DROP CONSTRAINT ck_receipt_nothing_lost",
    """
    ALTER TABLE receipt ADD CONSTRAINT ck_receipt_nothing_lost
    CHECK (posted + suspense + refund_pending = amount)
    """,
    "DROP TRIGGER rate_fixing_never_truncated ON rate_fixing",
    "DROP TRIGGER rate_fixing_decided_once ON rate_fixing",
    "DROP TRIGGER account_event_never_truncated ON account_event",
    "DROP TRIGGER account_event_append_only ON account_event",
)


def upgrade() -> None:
    for statement in _UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in _DOWN:
        op.execute(statement)
