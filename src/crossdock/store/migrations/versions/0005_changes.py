"""What each backend's order rests on, so that a change after its acceptance is seen, and what people say to it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("requests", sa.Column("terms", postgresql.JSONB(), nullable=True))
    op.add_column("requests", sa.Column("asking", sa.Boolean(), server_default="false", nullable=False))
    op.create_table(
        "answers",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.PrimaryKeyConstraint("connection", "order_id", name=op.f("pk_answers")),
    )


def downgrade() -> None:
    op.drop_table("answers")
    op.drop_column("requests", "asking")
    op.drop_column("requests", "terms")
