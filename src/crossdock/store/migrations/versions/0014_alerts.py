"""Channels, alerts, what each alert knows, and the messages that it has sent or is to send."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_WHEN = sa.DateTime(timezone=True)
_NOW = sa.text("hub_now()")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("orders", sa.Column("tags", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.create_table(
        "channels",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("settings", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", _WHEN, server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channels")),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("store", sa.Text()),
        sa.Column("causes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("tag", sa.Text()),
        sa.Column("amount", sa.Numeric()),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("user", sa.BigInteger()),
        sa.Column("quiet", sa.Text()),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("added_at", _WHEN, server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.ForeignKeyConstraint(["channel"], ["channels.name"], name=op.f("fk_alerts_channel")),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_alerts_user")),
    )
    op.create_index(op.f("ix_alerts_name"), "alerts", ["name"], unique=True)
    op.create_table(
        "alert_courses",
        sa.Column("alert", sa.BigInteger(), nullable=False),
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("since", _WHEN, nullable=False),
        sa.Column("worst", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer()),
        sa.Column("gone_at", _WHEN),
        sa.PrimaryKeyConstraint("alert", "store", "about", name=op.f("pk_alert_courses")),
        sa.ForeignKeyConstraint(["alert"], ["alerts.id"], name=op.f("fk_alert_courses_alert"), ondelete="CASCADE"),
    )
    op.create_table(
        "alert_orders",
        sa.Column("alert", sa.BigInteger(), nullable=False),
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("told_at", _WHEN, server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("alert", "connection", "order_id", name=op.f("pk_alert_orders")),
        sa.ForeignKeyConstraint(["alert"], ["alerts.id"], name=op.f("fk_alert_orders_alert"), ondelete="CASCADE"),
    )
    op.create_table(
        "alert_messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("alert", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("user", sa.BigInteger()),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("lines", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("written_at", _WHEN, server_default=_NOW, nullable=False),
        sa.Column("due_at", _WHEN, server_default=_NOW, nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text()),
        sa.Column("sent_at", _WHEN),
        sa.Column("given_up_at", _WHEN),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_messages")),
    )
    op.create_index(op.f("ix_alert_messages_key"), "alert_messages", ["key"], unique=True)
    op.create_index(
        op.f("ix_alert_messages_due_at"),
        "alert_messages",
        ["due_at"],
        postgresql_where=sa.text("sent_at IS NULL AND given_up_at IS NULL"),
    )


def downgrade() -> None:
    for table in ("alert_messages", "alert_orders", "alert_courses", "alerts", "channels"):
        op.drop_table(table)
    op.drop_column("orders", "tags")
