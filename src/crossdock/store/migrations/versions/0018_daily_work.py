"""Variants as they were last seen, what was published when, and what people do about what is held."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_WHEN = sa.DateTime(timezone=True)
_NOW = sa.text("hub_now()")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "variants",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("inventory_item", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text()),
        sa.Column("barcode", sa.Text()),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("looked_at", _WHEN, server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("connection", "variant", name=op.f("pk_variants")),
    )
    for code in ("sku", "barcode"):
        op.create_index(
            op.f(f"ix_variants_connection_{code}"),
            "variants",
            ["connection", code],
            postgresql_where=sa.text(f"{code} IS NOT NULL"),
        )
    op.create_table(
        "stock_history",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("inventory_item", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("at", _WHEN, server_default=_NOW, nullable=False),
        sa.Column("publish", sa.Integer(), nullable=False),
        sa.Column("backend_available", sa.Integer(), nullable=False),
        sa.Column("unseen", sa.Integer(), nullable=False),
        sa.Column("written_at", _WHEN),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_history")),
    )
    op.create_index(
        op.f("ix_stock_history_connection_inventory_item_location_id"),
        "stock_history",
        ["connection", "inventory_item", "location", "id"],
    )
    op.create_index(
        op.f("ix_stock_ledger_connection_inventory_item"),
        "stock_ledger",
        ["connection", "inventory_item"],
        postgresql_where=sa.text("publish < 0"),
    )
    op.add_column("holds", sa.Column("assigned_to", sa.BigInteger()))
    op.add_column("holds", sa.Column("snoozed_until", _WHEN))
    op.add_column("holds", sa.Column("resolved_at", _WHEN))
    op.add_column("holds", sa.Column("note", sa.Text()))
    op.create_foreign_key(op.f("fk_holds_assigned_to"), "holds", "users", ["assigned_to"], ["id"])


def downgrade() -> None:
    for column in ("note", "resolved_at", "snoozed_until", "assigned_to"):
        op.drop_column("holds", column)
    op.drop_index(op.f("ix_stock_ledger_connection_inventory_item"), "stock_ledger")
    op.drop_table("stock_history")
    op.drop_table("variants")
