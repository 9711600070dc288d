"""The first tables. Runs before the new code starts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # STABLE, so that `due_at <= hub_now()` can use an index; a simulation replaces the body.
    op.execute("CREATE FUNCTION hub_now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT statement_timestamp()'")
    op.execute(sa.schema.CreateSequence(sa.Sequence("fencing_tokens")))
    op.create_table(
        "budgets",
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("maximum", sa.Double(), nullable=False),
        sa.Column("available", sa.Double(), nullable=False),
        sa.Column("restore_rate", sa.Double(), nullable=False),
        sa.Column("in_flight", sa.Double(), server_default="0", nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("reserved_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.PrimaryKeyConstraint("store", name=op.f("pk_budgets")),
    )
    op.create_table(
        "exchanges",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("subjects", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("requested_cost", sa.Integer(), nullable=True),
        sa.Column("actual_cost", sa.Integer(), nullable=True),
        sa.Column("request", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("response", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges")),
    )
    op.create_index(op.f("ix_exchanges_store_began_at"), "exchanges", ["store", "began_at"], unique=False)
    op.create_index(op.f("ix_exchanges_subjects"), "exchanges", ["subjects"], unique=False, postgresql_using="gin")
    op.create_table(
        "holds",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("needs", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.PrimaryKeyConstraint("connection", "flow", "key", name=op.f("pk_holds")),
    )
    op.create_index(op.f("ix_holds_needs"), "holds", ["needs"], unique=False, postgresql_using="gin")
    op.create_table(
        "inbox",
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("webhook_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("api_version", sa.Text(), nullable=True),
        sa.Column("triggered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("store", "webhook_id", name=op.f("pk_inbox")),
    )
    # Not compressed: pglz would cost three times as much as everything else that keeping a delivery costs.
    op.execute("ALTER TABLE inbox ALTER COLUMN body SET STORAGE EXTERNAL")
    op.create_index(op.f("ix_inbox_store_received_at"), "inbox", ["store", "received_at"], unique=False)
    op.create_table(
        "links",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("inventory_item", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("matched_by", sa.Text(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.PrimaryKeyConstraint("connection", "variant", name=op.f("pk_links")),
    )
    op.create_index(op.f("ix_links_connection_inventory_item"), "links", ["connection", "inventory_item"], unique=False)
    op.create_index(op.f("ix_links_connection_item"), "links", ["connection", "item"], unique=True)
    op.create_table(
        "news",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news")),
    )
    op.create_index(op.f("ix_news_connection_flow_id"), "news", ["connection", "flow", "id"], unique=False)
    op.create_table(
        "orders",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("financial_status", sa.Text(), nullable=True),
        sa.Column("fulfillment_status", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("total", sa.Text(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.PrimaryKeyConstraint("connection", "order_id", name=op.f("pk_orders")),
    )
    op.create_index(op.f("ix_orders_connection_name"), "orders", ["connection", "name"], unique=False)
    op.create_index(op.f("ix_orders_connection_placed_at"), "orders", ["connection", "placed_at"], unique=False)
    op.create_table(
        "packages",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("package", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("tracking_number", sa.Text(), nullable=True),
        sa.Column("contents", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("fulfillment", sa.Text(), nullable=True),
        sa.Column("adopted", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("connection", "package", name=op.f("pk_packages")),
    )
    op.create_index(op.f("ix_packages_connection_order_id"), "packages", ["connection", "order_id"], unique=False)
    op.create_table(
        "pending",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("generation", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("claimed_generation", sa.BigInteger(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("connection", "flow", "key", name=op.f("pk_pending")),
        postgresql_with={
            "autovacuum_vacuum_scale_factor": "0.01",
            "autovacuum_vacuum_threshold": "500",
            "fillfactor": "70",
        },
    )
    op.create_index(
        op.f("ix_pending_connection_flow_due_at"),
        "pending",
        ["connection", "flow", "due_at"],
        unique=False,
        postgresql_where=sa.text("due_at < 'infinity'"),
    )
    op.create_table(
        "request_lines",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("inventory_item", sa.Text(), nullable=True),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("short", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("connection", "key", "line", name=op.f("pk_request_lines")),
    )
    op.create_index(
        op.f("ix_request_lines_connection_inventory_item"),
        "request_lines",
        ["connection", "inventory_item"],
        unique=False,
        postgresql_where=sa.text("remaining > 0"),
    )
    op.create_table(
        "requests",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("warehouse", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("connection", "key", name=op.f("pk_requests")),
    )
    op.create_index(op.f("ix_requests_connection_order_id"), "requests", ["connection", "order_id"], unique=False)
    op.create_table(
        "stock_ledger",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("inventory_item", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("believed", sa.Integer(), nullable=False),
        sa.Column("backend_available", sa.Integer(), nullable=False),
        sa.Column("unseen", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("connection", "inventory_item", "location", name=op.f("pk_stock_ledger")),
    )
    op.create_table(
        "stores",
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=True),
        sa.Column("api_version", sa.Text(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("secrets", postgresql.ARRAY(sa.LargeBinary()), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("paused", sa.Text(), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_stores")),
    )
    op.create_table(
        "timeline",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timeline")),
    )
    op.create_index(
        op.f("ix_timeline_connection_order_id_id"), "timeline", ["connection", "order_id", "id"], unique=False
    )
    op.create_table(
        "watermarks",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("complete_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.PrimaryKeyConstraint("connection", "stream", name=op.f("pk_watermarks")),
    )
    op.create_table(
        "connections",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("backend", sa.Text(), nullable=False),
        sa.Column("settings", sa.LargeBinary(), nullable=False),
        sa.Column("flows", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.ForeignKeyConstraint(["store"], ["stores.domain"], name=op.f("fk_connections_store")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connections")),
    )
    op.create_index(op.f("ix_connections_store"), "connections", ["store"], unique=False)
    op.create_table(
        "location_maps",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("warehouse", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["connection"], ["connections.id"], name=op.f("fk_location_maps_connection")),
        sa.PrimaryKeyConstraint("connection", "location", "warehouse", name=op.f("pk_location_maps")),
    )
