"""From where orders are to ship, and why, as it was decided."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "routes",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("routed", postgresql.JSONB(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("moving_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("rejected", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("connection", "order_id", "number", name=op.f("pk_routes")),
    )
    op.create_index(op.f("ix_routes_connection_decided_at"), "routes", ["connection", "decided_at"])


def downgrade() -> None:
    op.drop_table("routes")
