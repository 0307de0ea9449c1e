"""Credit limits as a tree, and what drawdowns use of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_GUARDS = (
    """
    CREATE FUNCTION limit_use_moves_on() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'a use of a limit is never deleted';
        END IF;
        IF NEW.loan_id <> OLD.loan_id OR NEW.drawdown <> OLD.drawdown
            OR NEW.amount <> OLD.amount OR NEW.currency <> OLD.currency THEN
            RAISE EXCEPTION 'a use of a limit keeps its drawdown and its amount';
        END IF;
        IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
            ('reserved', 'consumed'), ('reserved', 'released')) THEN
            RAISE EXCEPTION 'a use of a limit goes from % to no %', OLD.state, NEW.state;
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER limit_use_guard BEFORE UPDATE OR DELETE ON limit_use
    FOR EACH ROW EXECUTE FUNCTION limit_use_moves_on()
    """,
    """
    CREATE FUNCTION limit_node_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'a limit is closed, never deleted';
        END IF;
        IF NEW.parent_id IS DISTINCT FROM OLD.parent_id OR NEW.level <> OLD.level
            OR NEW.depth <> OLD.depth OR NEW.currency <> OLD.currency
            OR NEW.customer_id IS DISTINCT FROM OLD.customer_id THEN
            RAISE EXCEPTION 'a limit keeps its place in the tree';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER limit_node_guard BEFORE UPDATE OR DELETE ON limit_node
    FOR EACH ROW EXECUTE FUNCTION limit_node_stays()
    """,
)


def upgrade() -> None:
    op.create_table(
        "limit_node",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("group_key", sa.String(length=120), nullable=True),
        sa.Column("industry", sa.String(length=40), nullable=True),
        sa.Column("product_code", sa.String(length=40), nullable=True),
        sa.Column("amount", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("frozen_amount", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("revolving", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("valid_from_on", sa.Date(), nullable=False),
        sa.Column("valid_to_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("excess_reason", sa.String(length=40), nullable=True),
        sa.Column("exception", sa.Boolean(), nullable=False),
        sa.Column("derived_amount", sa.Numeric(precision=20, scale=2), nullable=True),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount >= 0 AND amount < 1e13", name="ck_limit_node_amount_range"),
        sa.CheckConstraint(
            "frozen_amount >= 0 AND frozen_amount < 1e13",
            name="ck_limit_node_frozen_amount_range",
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["limit_node.id"]),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"]),
        sa.ForeignKeyConstraint(["proposal_id"], ["customer_proposal.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_limit_node_parent_id", "limit_node", ["parent_id"])
    op.create_index("ix_limit_node_customer_id", "limit_node", ["customer_id"])
    op.create_index("ix_limit_node_state", "limit_node", ["state"])
    for name, column, level in (
        ("limit_node_one_of_customer", "customer_id", "customer"),
        ("limit_node_one_of_group", "group_key", "group"),
        ("limit_node_one_of_industry", "industry", "portfolio"),
    ):
        op.create_index(
            name,
            "limit_node",
            [column],
            unique=True,
            postgresql_where=sa.text(f"level = '{level}' AND state <> 'closed'"),
        )
    op.create_table(
        "limit_use",
        sa.Column("loan_id", sa.Uuid(), nullable=False),
        sa.Column("drawdown", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("path", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("outstanding", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("release_reason", sa.String(length=60), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0 AND amount < 1e13", name="ck_limit_use_amount_range"),
        sa.CheckConstraint(
            "outstanding >= 0 AND outstanding < 1e13", name="ck_limit_use_outstanding_range"
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"]),
        sa.PrimaryKeyConstraint("loan_id", "drawdown"),
    )
    op.create_index("ix_limit_use_customer_id", "limit_use", ["customer_id"])
    op.create_index("ix_limit_use_state", "limit_use", ["state"])
    op.create_index("limit_use_path", "limit_use", ["path"], postgresql_using="gin")
    for statement in _GUARDS:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("limit_use")
    op.drop_table("limit_node")
    op.execute("DROP FUNCTION limit_use_moves_on()")
    op.execute("DROP FUNCTION limit_node_stays()")
