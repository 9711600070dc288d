"""Kits. Runs before the new code starts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "kit_components",
        sa.Column("kit", sa.Text(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.CheckConstraint("units > 0", name=op.f("ck_kit_components_units")),
        sa.ForeignKeyConstraint(["kit"], ["builtin_warehouse.items.code"], name=op.f("fk_kit_components_kit")),
        sa.ForeignKeyConstraint(
            ["component"], ["builtin_warehouse.items.code"], name=op.f("fk_kit_components_component")
        ),
        sa.PrimaryKeyConstraint("kit", "component", name=op.f("pk_kit_components")),
        schema="builtin_warehouse",
    )
    op.create_index(op.f("ix_kit_components_component"), "kit_components", ["component"], schema="builtin_warehouse")
    op.add_column(
        "order_lines",
        sa.Column("components", postgresql.JSONB(none_as_null=True), nullable=True),
        schema="builtin_warehouse",
    )
