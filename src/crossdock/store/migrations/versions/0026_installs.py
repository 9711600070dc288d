"""Installations by redirect, and what renews a token that they brought."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stores", sa.Column("refresh_token", sa.LargeBinary(), nullable=True))
    op.create_table(
        "installs",
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("session", sa.LargeBinary(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state", name=op.f("pk_installs")),
    )


def downgrade() -> None:
    op.drop_table("installs")
    op.drop_column("stores", "refresh_token")
