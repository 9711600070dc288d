"""Parcels on their way back, as the shop and as the warehouse know them. Runs before the new code starts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in ("announced_parcels", "parcels"):
        column = sa.Column(name, JSONB(), nullable=False, server_default=sa.text("'[]'::jsonb"))
        op.add_column("returns", column, schema="builtin_warehouse")
