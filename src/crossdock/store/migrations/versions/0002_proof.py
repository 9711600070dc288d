"""What proves that nothing was lost: changes no webhook told of, reconciliations, differences, truer watermarks."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "unheard",
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.PrimaryKeyConstraint("store", "topic", "key", name=op.f("pk_unheard")),
    )
    op.create_table(
        "reconciliations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("packages", sa.Integer(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliations")),
    )
    op.create_index(
        op.f("ix_reconciliations_connection_began_at"), "reconciliations", ["connection", "began_at"], unique=False
    )
    op.create_table(
        "differences",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_differences")),
    )
    op.create_index(
        op.f("uq_differences_connection_flow_key"),
        "differences",
        ["connection", "flow", "key"],
        unique=True,
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    # A mark claims less now: what Shopify's search may not have shown yet is no longer counted as complete.
    op.execute(
        "UPDATE watermarks SET complete_to = complete_to - interval '5 minutes' WHERE stream IN ('orders', 'variants')"
    )
