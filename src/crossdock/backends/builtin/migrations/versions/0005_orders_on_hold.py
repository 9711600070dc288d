"""Orders that do not go on, and why. Runs before the new code starts."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("orders", sa.Column("on_hold", sa.Text(), nullable=True), schema="builtin_warehouse")
