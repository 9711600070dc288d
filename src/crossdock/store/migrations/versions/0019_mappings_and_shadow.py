"""How connections fill their backends' fields, by version; which of them are shadows, and what those would have done."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None

_WHEN = sa.DateTime(timezone=True)
_NOW = sa.text("hub_now()")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "mappings",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", _WHEN, server_default=_NOW, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("connection", "version", name=op.f("pk_mappings")),
        sa.ForeignKeyConstraint(["connection"], ["connections.id"], name=op.f("fk_mappings_connection")),
    )
    op.add_column("connections", sa.Column("shadow_since", _WHEN))
    op.create_table(
        "shadow_writes",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text()),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("there", sa.Integer()),
        sa.Column("would", sa.Integer()),
        sa.Column("first_at", _WHEN, server_default=_NOW, nullable=False),
        sa.Column("last_at", _WHEN, server_default=_NOW, nullable=False),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("connection", "side", "act", "about", name=op.f("pk_shadow_writes")),
        sa.ForeignKeyConstraint(["connection"], ["connections.id"], name=op.f("fk_shadow_writes_connection")),
    )


def downgrade() -> None:
    op.drop_table("shadow_writes")
    op.drop_column("connections", "shadow_since")
    op.drop_table("mappings")
