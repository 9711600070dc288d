"""Packages that leave from another warehouse than their order's. Runs before the new code starts."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("packages", sa.Column("warehouse", sa.Text(), nullable=True), schema="builtin_warehouse")
    op.create_foreign_key(
        op.f("fk_packages_warehouse"),
        "packages",
        "warehouses",
        ["warehouse"],
        ["code"],
        source_schema="builtin_warehouse",
        referent_schema="builtin_warehouse",
    )
