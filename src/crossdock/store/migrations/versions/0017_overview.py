"""What the overview and the search of orders go by: clocks of orders and packages, indexes. Runs before the new code."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_WHEN = sa.DateTime(timezone=True)
_NOW = sa.text("hub_now()")
_OPEN = sa.text("state IN ('waiting', 'at_warehouse', 'partly_shipped', 'short', 'held')")
_EMAIL = sa.text("lower(terms #>> '{request,email}')")
_LAST_NAME = sa.text("lower(terms #>> '{request,ship_to,last_name}')")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # When the hub heard of the orders that it has is not known. The clock of their state begins at their last change at
    # Shopify: what changed last there may have changed the state.
    op.add_column("orders", sa.Column("heard_at", _WHEN))
    op.add_column("orders", sa.Column("state_since", _WHEN))
    op.execute("UPDATE orders SET state_since = updated_at")
    op.alter_column("orders", "state_since", nullable=False, server_default=_NOW)
    op.add_column("packages", sa.Column("shipped_at", _WHEN))
    op.create_index(op.f("ix_orders_placed_at_connection_order_id"), "orders", ["placed_at", "connection", "order_id"])
    op.create_index(op.f("ix_orders_heard_at"), "orders", ["heard_at"])
    op.create_index(op.f("ix_orders_state_state_since"), "orders", ["state", "state_since"], postgresql_where=_OPEN)
    op.create_index(op.f("ix_packages_shipped_at"), "packages", ["shipped_at"])
    op.create_index("ix_packages_upper_tracking_number", "packages", [sa.text("upper(tracking_number)")])
    op.create_index(op.f("ix_request_lines_connection_item"), "request_lines", ["connection", "item"])
    op.create_index("ix_links_lower_sku", "links", [sa.text("lower(sku)")])
    op.create_index("ix_requests_lower_email", "requests", [_EMAIL], postgresql_where=sa.text("erased_at IS NULL"))
    op.create_index(
        "ix_requests_lower_last_name", "requests", [_LAST_NAME], postgresql_where=sa.text("erased_at IS NULL")
    )
