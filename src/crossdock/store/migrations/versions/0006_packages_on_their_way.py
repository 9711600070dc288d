"""Corrected tracking, packages that were taken back, and what happened to packages on their way."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("packages", sa.Column("carrier", sa.Text(), nullable=True))
    op.add_column("packages", sa.Column("tracking_url", sa.Text(), nullable=True))
    op.add_column("packages", sa.Column("correcting", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("packages", sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("packages", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "package_events",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("package", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("connection", "package", "status", "happened_at", name=op.f("pk_package_events")),
    )


def downgrade() -> None:
    op.drop_table("package_events")
    op.drop_column("packages", "cancelled_at")
    op.drop_column("packages", "taken_back_at")
    op.drop_column("packages", "correcting")
    op.drop_column("packages", "tracking_url")
    op.drop_column("packages", "carrier")
