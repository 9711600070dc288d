"""What pages show of an order's money. Runs before the new code starts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("orders", sa.Column("money", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("orders", "money")
