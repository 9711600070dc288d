"""Comparisons of both sides that a person asked for; an index by which few holds are found among many."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "asked_comparisons",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.PrimaryKeyConstraint("connection", name=op.f("pk_asked_comparisons")),
    )
    op.create_index(
        "ix_holds_taken_up",
        "holds",
        ["connection", "cause", "since", "key"],
        postgresql_where=sa.text("assigned_to IS NOT NULL OR snoozed_until IS NOT NULL OR resolved_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_holds_taken_up", "holds")
    op.drop_table("asked_comparisons")
