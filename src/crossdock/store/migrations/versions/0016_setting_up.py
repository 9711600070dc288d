"""Stores whose tokens are asked for by client credentials, and connections that are being set up."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("stores", sa.Column("client_id", sa.Text()))
    op.add_column("stores", sa.Column("token_expires_at", _WHEN))
    op.add_column("connections", sa.Column("started_at", _WHEN))
    op.execute("UPDATE connections SET started_at = added_at")


def downgrade() -> None:
    op.drop_column("connections", "started_at")
    op.drop_column("stores", "token_expires_at")
    op.drop_column("stores", "client_id")
