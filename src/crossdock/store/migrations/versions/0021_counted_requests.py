"""Which requests are not counted yet: their answer, or what their order wants, is not on record."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requests", sa.Column("counted", sa.Boolean(), server_default="false", nullable=False))
    # What was accepted before was looked at since: a level begins anew at most once after this.
    op.execute("UPDATE requests SET counted = true WHERE accepted_at IS NOT NULL")
    op.create_index(
        "ix_requests_in_between", "requests", ["connection"], postgresql_where=sa.text("asking OR NOT counted")
    )


def downgrade() -> None:
    op.drop_index("ix_requests_in_between", "requests")
    op.drop_column("requests", "counted")
