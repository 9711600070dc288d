"""Packages that were taken back, and what happened to packages on their way. Runs before the new code starts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "packages", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True), schema="builtin_warehouse"
    )
    op.create_table(
        "package_events",
        sa.Column("package", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["package"],
            ["builtin_warehouse.packages.id"],
            name=op.f("fk_package_events_package"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("package", "status", "happened_at", name=op.f("pk_package_events")),
        schema="builtin_warehouse",
    )
