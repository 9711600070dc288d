"""Users, their sessions and links, tokens of programs, and who changed what."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

_WHEN = sa.DateTime(timezone=True)
_NOW = sa.text("hub_now()")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password", sa.Text()),
        sa.Column("added_at", _WHEN, server_default=_NOW, nullable=False),
        sa.Column("disabled_at", _WHEN),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_index(op.f("ix_users_email"), "users", ["email"], unique=True)
    op.create_table(
        "sessions",
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("user", sa.BigInteger(), nullable=False),
        sa.Column("began_at", _WHEN, server_default=_NOW, nullable=False),
        sa.Column("seen_at", _WHEN, server_default=_NOW, nullable=False),
        sa.Column("address", sa.Text()),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_sessions")),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_sessions_user")),
    )
    op.create_index(op.f("ix_sessions_user"), "sessions", ["user"])
    op.create_table(
        "one_time_links",
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("user", sa.BigInteger()),
        sa.Column("ends_at", _WHEN, nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_one_time_links")),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_one_time_links_user")),
    )
    op.create_table(
        "login_attempts",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", _WHEN, nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_login_attempts")),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", _WHEN, server_default=_NOW, nullable=False),
        sa.Column("ends_at", _WHEN),
        sa.Column("used_at", _WHEN),
        sa.Column("revoked_at", _WHEN),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
    )
    op.create_index(op.f("ix_api_tokens_fingerprint"), "api_tokens", ["fingerprint"], unique=True)
    op.create_index(
        op.f("ix_api_tokens_name"),
        "api_tokens",
        ["name"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("at", _WHEN, server_default=_NOW, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("face", sa.Text(), nullable=False),
        sa.Column("address", sa.Text()),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB()),
        sa.Column("after", postgresql.JSONB()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_object_id"), "audit", ["object", "id"])


def downgrade() -> None:
    for table in ("audit", "api_tokens", "login_attempts", "one_time_links", "sessions", "users"):
        op.drop_table(table)
