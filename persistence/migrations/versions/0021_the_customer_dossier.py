"""The customer dossier: names by their skeleton, what ended an entry, a customer's documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from domain.customers.lookalike import skeleton

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None

_CUSTOMER = sa.table("customer", sa.column("id"), sa.column("name"), sa.column("skeleton"))


def upgrade() -> None:
    op.add_column("customer", sa.Column("skeleton", sa.String(length=200), nullable=True))
    _fill_in()
    op.create_index("ix_customer_skeleton", "customer", ["skeleton"])
    op.add_column("dossier_entry", sa.Column("ended_by_proposal_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "dossier_entry_ended_by_proposal_id_fkey",
        "dossier_entry",
        "customer_proposal",
        ["ended_by_proposal_id"],
        ["id"],
    )
    for name in ("holder_number", "holder_name"):
        op.create_index(
            f"dossier_entry_{name}",
            "dossier_entry",
            [sa.text(f"(data ->> '{name}')")],
            postgresql_where=sa.text("section = 'shareholders'"),
        )
    op.create_table(
        "customer_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("issuer", sa.String(length=120), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("valid_to_on", sa.Date(), nullable=True),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=True),
        sa.Column("original_seen", sa.Boolean(), nullable=True),
        sa.Column("seen_how", sa.String(length=40), nullable=True),
        sa.Column("seen_on", sa.Date(), nullable=True),
        sa.Column("checked_by", sa.Uuid(), nullable=True),
        sa.Column("verified_by", sa.Uuid(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"]),
        sa.ForeignKeyConstraint(["uploaded_by"], ["staff.id"]),
        sa.ForeignKeyConstraint(["checked_by"], ["staff.id"]),
        sa.ForeignKeyConstraint(["verified_by"], ["staff.id"]),
        sa.ForeignKeyConstraint(["proposal_id"], ["customer_proposal.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("customer_id", "kind", "version"),
    )
    op.create_index("ix_customer_document_customer_id", "customer_document", ["customer_id"])


def downgrade() -> None:
    op.drop_table("customer_document")
    for name in ("holder_number", "holder_name"):
        op.drop_index(f"dossier_entry_{name}", table_name="dossier_entry")
    op.drop_constraint("dossier_entry_ended_by_proposal_id_fkey", "dossier_entry")
    op.drop_column("dossier_entry", "ended_by_proposal_id")
    op.drop_index("ix_customer_skeleton", table_name="customer")
    op.drop_column("customer", "skeleton")


def _fill_in() -> None:
    """The skeletons of the customers there are, a thousand at a time."""
    connection = op.get_bind()
    rows = connection.execute(sa.select(_CUSTOMER.c.id, _CUSTOMER.c.name)).all()
    update = (
        _CUSTOMER.update()
        .where(_CUSTOMER.c.id == sa.bindparam("its_id"))
        .values(skeleton=sa.bindparam("its_skeleton"))
    )
    for first in range(0, len(rows), 1000):
        batch = rows[first : first + 1000]
        connection.execute(
            update, [{"its_id": row.id, "its_skeleton": skeleton(row.name)} for row in batch]
        )
