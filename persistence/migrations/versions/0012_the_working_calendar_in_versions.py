"""The working calendar in versions, each rested on two persons."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None

_FROM_DAYS = """
INSERT INTO calendar_version
    (id, year, number, days, official, source, status, effective_on, proposed_at, decided_at)
SELECT gen_random_uuid(), year, 1,
    jsonb_build_object(
        'off', coalesce(jsonb_agg(day ORDER BY day) FILTER (WHERE NOT is_working), '[]'),
        'worked', coalesce(jsonb_agg(day ORDER BY day) FILTER (WHERE is_working), '[]')),
    bool_and(year_status = 'official'), 'seed', 'approved', '2000-01-01', now(), now()
FROM (SELECT *, extract(year FROM day)::int AS year FROM calendar_day) AS dated
GROUP BY year
"""

_STANDS = (
    """
    CREATE TRIGGER calendar_version_decided_once BEFORE UPDATE OR DELETE ON calendar_version
    FOR EACH ROW WHEN (OLD.status <> 'proposed') EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER calendar_version_never_truncated BEFORE TRUNCATE ON calendar_version
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
)


def upgrade() -> None:
    op.create_table(
        "calendar_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("days", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("official", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("proposed_person", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_person", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "decided_person IS NULL OR decided_person <> proposed_person",
            name="ck_calendar_version_two_persons",
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"]),
        sa.ForeignKeyConstraint(["proposed_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("year", "number", name="uq_calendar_version_number"),
    )
    op.create_index(op.f("ix_calendar_version_status"), "calendar_version", ["status"])
    op.create_index(
        "uq_calendar_version_one_open",
        "calendar_version",
        ["year"],
        unique=True,
        postgresql_where=sa.text("status = 'proposed'"),
    )
    op.execute(_FROM_DAYS)
    for statement in _STANDS:
        op.execute(statement)
    op.drop_table("calendar_day")
    op.create_index(
        "contract_following",
        "contract",
        ["loan_id"],
        postgresql_where=sa.text("(terms -> 'schedule' ->> 'holiday') = 'following'"),
    )


def downgrade() -> None:
    op.drop_index("contract_following", table_name="contract")
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("year_status", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    op.drop_table("calendar_version")
