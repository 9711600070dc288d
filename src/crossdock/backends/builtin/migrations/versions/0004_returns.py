"""Goods that come back. Runs before the new code starts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "returns",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("warehouse", sa.Text(), nullable=False),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.Column("arrivals", postgresql.JSONB(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column(
            "changed",
            sa.BigInteger(),
            server_default=sa.text("nextval('builtin_warehouse.happenings'::regclass)"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["warehouse"], ["builtin_warehouse.warehouses.code"], name=op.f("fk_returns_warehouse")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_returns")),
        sa.UniqueConstraint("number", name=op.f("uq_returns_number")),
        sa.UniqueConstraint("reference", name=op.f("uq_returns_reference")),
        schema="builtin_warehouse",
    )
    op.create_index(op.f("ix_returns_changed"), "returns", ["changed"], schema="builtin_warehouse")
    op.create_index(op.f("ix_returns_order_id"), "returns", ["order_id"], schema="builtin_warehouse")
