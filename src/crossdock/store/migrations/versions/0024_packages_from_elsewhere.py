"""Packages that left from another location than Shopify has their goods at. Runs before the new code starts."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("packages", sa.Column("moved_to", sa.Text(), nullable=True))
    op.add_column("packages", sa.Column("moving_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("packages", sa.Column("begun", sa.Boolean(), server_default="true", nullable=False))
    op.add_column("answers", sa.Column("flow", sa.Text(), server_default="orders", nullable=False))
    op.drop_constraint("pk_answers", "answers")
    op.create_primary_key("pk_answers", "answers", ["connection", "order_id", "flow"])


def downgrade() -> None:
    op.execute("DELETE FROM answers WHERE flow <> 'orders'")
    op.drop_constraint("pk_answers", "answers")
    op.create_primary_key("pk_answers", "answers", ["connection", "order_id"])
    op.drop_column("answers", "flow")
    op.drop_column("packages", "begun")
    op.drop_column("packages", "moving_at")
    op.drop_column("packages", "moved_to")
