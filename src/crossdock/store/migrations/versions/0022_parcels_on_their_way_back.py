"""Parcels on their way back, and whose reverse fulfillment orders are whose. Runs before the new code starts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("returns", sa.Column("parcels", JSONB(), nullable=False, server_default=sa.text("'[]'::jsonb")))
    op.add_column("returns", sa.Column("told_parcels", JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb")))
    op.add_column("returns", sa.Column("reverse_orders", ARRAY(sa.Text()), nullable=False, server_default="{}"))
    op.create_index(
        op.f("ix_returns_reverse_orders"), "returns", ["reverse_orders"], unique=False, postgresql_using="gin"
    )
