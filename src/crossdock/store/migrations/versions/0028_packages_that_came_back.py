"""An index of the packages that came back: each raise of a level asks for them."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index(
        "ix_packages_taken_back", "packages", ["connection"], postgresql_where=sa.text("taken_back_at IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_packages_taken_back", "packages")
