"""
Returns that a backend was told of, and what Shopify was told of them.

Connections with the built-in warehouse follow returns from now on; it takes them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "returns",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("announced", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("telling", sa.Text(), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("connection", "key", name=op.f("pk_returns")),
    )
    op.create_index(op.f("ix_returns_connection_order_id"), "returns", ["connection", "order_id"])
    op.create_index(op.f("ix_returns_connection_return_id"), "returns", ["connection", "return_id"])
    op.execute(
        "UPDATE connections SET flows = array_append(flows, 'returns') "
        "WHERE backend = 'builtin' AND NOT 'returns' = ANY (flows)"
    )


def downgrade() -> None:
    op.execute("UPDATE connections SET flows = array_remove(flows, 'returns')")
    op.execute("DELETE FROM pending WHERE flow = 'returns'")
    op.execute("DELETE FROM news WHERE flow = 'returns'")
    op.execute("DELETE FROM holds WHERE flow = 'returns'")
    op.drop_table("returns")
