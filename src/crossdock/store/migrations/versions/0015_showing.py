"""What Shopify shows of how far a request is at the backend. Runs before the new code starts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("requests", sa.Column("shown", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("requests", "shown")
