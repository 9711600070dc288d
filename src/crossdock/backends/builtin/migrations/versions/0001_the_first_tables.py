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
    # statement_timestamp(): a reading's time is never later than the snapshot it was taken from.
    op.execute(
        "CREATE FUNCTION builtin_warehouse.warehouse_now() RETURNS timestamptz LANGUAGE sql STABLE "
        "AS 'SELECT statement_timestamp()'"
    )
    op.execute(sa.schema.CreateSequence(sa.Sequence("happenings", schema="builtin_warehouse")))
    op.create_table(
        "items",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=True),
        sa.Column("barcodes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "changed",
            sa.BigInteger(),
            server_default=sa.text("nextval('builtin_warehouse.happenings'::regclass)"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_items")),
        schema="builtin_warehouse",
    )
    op.create_index(
        op.f("ix_items_barcodes"),
        "items",
        ["barcodes"],
        unique=False,
        schema="builtin_warehouse",
        postgresql_using="gin",
    )
    op.create_index(op.f("ix_items_changed"), "items", ["changed"], unique=False, schema="builtin_warehouse")
    op.create_index(op.f("ix_items_sku"), "items", ["sku"], unique=False, schema="builtin_warehouse")
    op.create_table(
        "warehouses",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_warehouses")),
        schema="builtin_warehouse",
    )
    op.create_table(
        "ledger",
        sa.Column(
            "sequence",
            sa.BigInteger(),
            server_default=sa.text("nextval('builtin_warehouse.happenings'::regclass)"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("warehouse", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("picked", sa.Integer(), nullable=False),
        sa.Column("packed", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("builtin_warehouse.warehouse_now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["item"], ["builtin_warehouse.items.code"], name=op.f("fk_ledger_item")),
        sa.ForeignKeyConstraint(["warehouse"], ["builtin_warehouse.warehouses.code"], name=op.f("fk_ledger_warehouse")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_ledger")),
        schema="builtin_warehouse",
    )
    op.create_index(
        op.f("ix_ledger_item_sequence"), "ledger", ["item", "sequence"], unique=False, schema="builtin_warehouse"
    )
    op.create_table(
        "orders",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("warehouse", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("request", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "accepted_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("builtin_warehouse.warehouse_now()"),
            nullable=False,
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("builtin_warehouse.warehouse_now()"),
            nullable=False,
        ),
        sa.Column(
            "changed",
            sa.BigInteger(),
            server_default=sa.text("nextval('builtin_warehouse.happenings'::regclass)"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["warehouse"], ["builtin_warehouse.warehouses.code"], name=op.f("fk_orders_warehouse")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_orders_number")),
        sa.UniqueConstraint("reference", name=op.f("uq_orders_reference")),
        schema="builtin_warehouse",
    )
    op.create_index(op.f("ix_orders_changed"), "orders", ["changed"], unique=False, schema="builtin_warehouse")
    op.create_index(
        op.f("ix_orders_state_number"), "orders", ["state", "number"], unique=False, schema="builtin_warehouse"
    )
    op.create_table(
        "stock",
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("warehouse", sa.Text(), nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("picked", sa.Integer(), nullable=False),
        sa.Column("packed", sa.Integer(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("on_hand >= 0", name=op.f("ck_stock_on_hand")),
        sa.CheckConstraint(
            "picked + packed <= on_hand AND picked + packed <= reserved", name=op.f("ck_stock_handled_is_held")
        ),
        sa.CheckConstraint("picked >= 0 AND packed >= 0", name=op.f("ck_stock_handled")),
        sa.ForeignKeyConstraint(["item"], ["builtin_warehouse.items.code"], name=op.f("fk_stock_item")),
        sa.ForeignKeyConstraint(["warehouse"], ["builtin_warehouse.warehouses.code"], name=op.f("fk_stock_warehouse")),
        sa.PrimaryKeyConstraint("item", "warehouse", name=op.f("pk_stock")),
        schema="builtin_warehouse",
    )
    op.create_index(op.f("ix_stock_changed"), "stock", ["changed"], unique=False, schema="builtin_warehouse")
    op.create_table(
        "order_lines",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("ordered", sa.Integer(), nullable=False),
        sa.Column("picked", sa.Integer(), nullable=False),
        sa.Column("packed", sa.Integer(), nullable=False),
        sa.Column("shipped", sa.Integer(), nullable=False),
        sa.Column("short", sa.Integer(), nullable=False),
        sa.CheckConstraint("least(picked, packed, shipped, short) >= 0", name=op.f("ck_order_lines_places")),
        sa.CheckConstraint(
            "picked + packed + shipped + short <= ordered", name=op.f("ck_order_lines_no_more_than_ordered")
        ),
        sa.ForeignKeyConstraint(["item"], ["builtin_warehouse.items.code"], name=op.f("fk_order_lines_item")),
        sa.ForeignKeyConstraint(["key"], ["builtin_warehouse.orders.key"], name=op.f("fk_order_lines_key")),
        sa.PrimaryKeyConstraint("key", "line", name=op.f("pk_order_lines")),
        schema="builtin_warehouse",
    )
    op.create_table(
        "packages",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=True),
        sa.Column("tracking_number", sa.Text(), nullable=True),
        sa.Column("tracking_url", sa.Text(), nullable=True),
        sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["key"], ["builtin_warehouse.orders.key"], name=op.f("fk_packages_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packages")),
        schema="builtin_warehouse",
    )
    op.create_index(
        op.f("ix_packages_key_position"), "packages", ["key", "position"], unique=False, schema="builtin_warehouse"
    )
    op.create_table(
        "package_lines",
        sa.Column("package", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.CheckConstraint("units > 0", name=op.f("ck_package_lines_units")),
        sa.ForeignKeyConstraint(
            ["key", "line"],
            ["builtin_warehouse.order_lines.key", "builtin_warehouse.order_lines.line"],
            name=op.f("fk_package_lines_key_line"),
        ),
        sa.ForeignKeyConstraint(
            ["package"], ["builtin_warehouse.packages.id"], name=op.f("fk_package_lines_package"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("package", "line", name=op.f("pk_package_lines")),
        schema="builtin_warehouse",
    )
