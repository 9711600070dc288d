"""Indexes by which pages stay quick over many rows; variants without an item and channels that are off."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# All two and three letters in a row that a text has, each once: an index of them finds a part of a text. PostgreSQL's
# own pg_trgm does as much, but is not installed everywhere. The cost keeps it from being computed for row after row.
_GRAMS = """
    CREATE FUNCTION hub_grams(words text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000
    RETURN ARRAY(
        SELECT DISTINCT substr(words, at, many)
          FROM generate_series(1, length(words) - 1) AS at, generate_series(2, 3) AS many
    )
"""

_SEARCHED = {
    "orders": ["lower(name)"],
    "links": ["lower(item)", "lower(sku)"],
    "variants": ["words"],
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "unlinked",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.PrimaryKeyConstraint("connection", "variant", name=op.f("pk_unlinked")),
    )
    op.add_column("channels", sa.Column("off_since", sa.DateTime(timezone=True)))
    op.execute(_GRAMS)
    for table, searched in _SEARCHED.items():
        grams = [sa.text(f"hub_grams({words})") for words in searched]
        op.create_index(f"ix_{table}_grams", table, grams, postgresql_using="gin")
    op.create_index(
        op.f("ix_orders_state_placed_at_connection_order_id"),
        "orders",
        ["state", "placed_at", "connection", "order_id"],
    )
    op.create_index(op.f("ix_holds_connection_cause_since_key"), "holds", ["connection", "cause", "since", "key"])
    op.create_index(op.f("ix_holds_flow_cause_connection_key"), "holds", ["flow", "cause", "connection", "key"])
    op.create_index(
        op.f("ix_stock_drift_connection_inventory_item_found_at"),
        "stock_drift",
        ["connection", "inventory_item", "found_at"],
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_stock_drift_connection_inventory_item_found_at"), "stock_drift")
    op.drop_index(op.f("ix_holds_flow_cause_connection_key"), "holds")
    op.drop_index(op.f("ix_holds_connection_cause_since_key"), "holds")
    op.drop_index(op.f("ix_orders_state_placed_at_connection_order_id"), "orders")
    for table in _SEARCHED:
        op.drop_index(f"ix_{table}_grams", table)
    op.execute("DROP FUNCTION hub_grams(text)")
    op.drop_column("channels", "off_since")
    op.drop_table("unlinked")
