"""
The stock ledger: what is believed of each level, what was learned of it, and what orders want of it.

Beliefs of before are thrown away: each level is read once before it is written again. Old code must not run beside it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_when = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _commitments()
    _ledger()
    op.add_column("links", sa.Column("sku", sa.Text(), nullable=True))
    op.create_table(
        "level_news",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("inventory_item", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=True),
        sa.Column("happened_at", _when, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level_news")),
    )
    op.create_index(op.f("ix_level_news_connection_inventory_item"), "level_news", ["connection", "inventory_item"])
    op.create_table(
        "stock_pushes",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("rows", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tried_at", _when, server_default=sa.text("hub_now()"), nullable=False),
        sa.PrimaryKeyConstraint("connection", "key", name=op.f("pk_stock_pushes")),
    )
    op.create_table(
        "stock_drift",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("inventory_item", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("found_at", _when, server_default=sa.text("hub_now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_drift")),
    )
    op.create_index(op.f("ix_stock_drift_connection_found_at"), "stock_drift", ["connection", "found_at"])
    op.create_table(
        "stock_approvals",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("until", _when, nullable=False),
        sa.PrimaryKeyConstraint("connection", name=op.f("pk_stock_approvals")),
    )


def _commitments() -> None:
    op.create_table(
        "commitments",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("inventory_item", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("connection", "line", name=op.f("pk_commitments")),
    )
    op.create_index(op.f("ix_commitments_connection_order_id"), "commitments", ["connection", "order_id"])
    op.execute("""
        INSERT INTO commitments
        SELECT connection, line, order_id, inventory_item, location, units, remaining
          FROM request_lines JOIN requests USING (connection, key)
         WHERE remaining > 0 AND inventory_item IS NOT NULL
        ON CONFLICT DO NOTHING
    """)
    op.create_index(
        op.f("ix_commitments_connection_inventory_item"),
        "commitments",
        ["connection", "inventory_item"],
        postgresql_where=sa.text("remaining > 0"),
    )
    op.drop_index(op.f("ix_request_lines_connection_inventory_item"), "request_lines")
    op.drop_column("request_lines", "remaining")
    op.create_index(op.f("ix_request_lines_connection_line"), "request_lines", ["connection", "line"])


def _ledger() -> None:
    op.drop_table("stock_ledger")
    op.create_table(
        "stock_ledger",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("inventory_item", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("believed", sa.Integer(), nullable=False),
        sa.Column("committed", sa.Integer(), nullable=False),
        sa.Column("trust", sa.Text(), nullable=False),
        sa.Column("read_from", _when, nullable=False),
        sa.Column("read_to", _when, nullable=False),
        sa.Column("shipped", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unproven", _when, nullable=True),
        sa.Column("suspect", sa.Integer(), nullable=True),
        sa.Column("kept", sa.Integer(), server_default="0", nullable=False),
        sa.Column("accepted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("supplied", sa.Integer(), nullable=True),
        sa.Column("push", sa.Text(), nullable=True),
        sa.Column("pushing", sa.Integer(), nullable=True),
        sa.Column("written_at", _when, nullable=True),
        sa.Column("publish", sa.Integer(), nullable=False),
        sa.Column("backend_available", sa.Integer(), nullable=False),
        sa.Column("unseen", sa.Integer(), nullable=False),
        sa.Column("buffer", sa.Integer(), nullable=False),
        sa.Column("explained", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", _when, nullable=False),
        sa.Column("zeroed_at", _when, nullable=True),
        sa.PrimaryKeyConstraint("connection", "inventory_item", "location", name=op.f("pk_stock_ledger")),
    )
    op.create_index(op.f("ix_stock_ledger_connection_read_to"), "stock_ledger", ["connection", "read_to"])
    op.create_index(
        op.f("ix_stock_ledger_connection_push"),
        "stock_ledger",
        ["connection", "push"],
        postgresql_where=sa.text("push IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_stock_ledger_connection_zeroed_at"),
        "stock_ledger",
        ["connection", "zeroed_at"],
        postgresql_where=sa.text("zeroed_at IS NOT NULL"),
    )
