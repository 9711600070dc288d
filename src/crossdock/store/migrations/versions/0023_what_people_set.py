"""What people say in fields of an order's requests, and how far an order is whatever holds it."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("orders", sa.Column("own_state", sa.Text()))
    op.create_table(
        "overrides",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", _WHEN, server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("otherwise", sa.Text()),
        sa.Column("seen_at", _WHEN),
        sa.Column("contradicted_at", _WHEN),
        sa.PrimaryKeyConstraint("connection", "order_id", "field", name=op.f("pk_overrides")),
    )


def downgrade() -> None:
    op.drop_table("overrides")
    op.drop_column("orders", "own_state")
