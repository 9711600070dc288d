"""Indexes by which pages stay quick over many orders, variants and holds. Runs before the new code."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0020"
branch_labels = None
depends_on = None

# All that a text has three letters in a row of, each once: an index of them finds a part of a text. PostgreSQL's own
# pg_trgm does as much, but is not everywhere installed. The cost keeps it from being computed for row after row.
_GRAMS = """
    CREATE FUNCTION hub_grams(words text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000
    RETURN ARRAY(SELECT DISTINCT substr(words, at, 3) FROM generate_series(1, length(words) - 2) AS at)
"""

_SEARCHED = {
    "orders": ["lower(name)"],
    "links": ["lower(item)", "lower(sku)"],
    "variants": ["words"],
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
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
