"""Requests that the hub itself had stopped, orders that it has Shopify cancel, and what people say to holds."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("requests", sa.Column("stopping", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("answers", sa.Column("word", sa.Text(), server_default="leave", nullable=False))
    op.create_table(
        "cancellations",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("job", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("connection", "order_id", name=op.f("pk_cancellations")),
    )


def downgrade() -> None:
    op.drop_table("cancellations")
    op.drop_column("answers", "word")
    op.drop_column("requests", "stopping")
