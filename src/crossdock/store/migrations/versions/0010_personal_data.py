"""Personal data, its retention and its end; stores that left; traces of exchanges. May run before the new code."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.alter_column("stores", "token", nullable=True)
    for name in ("installed_at", "uninstalled_at"):
        op.add_column("stores", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE stores SET installed_at = added_at")
    op.alter_column("stores", "installed_at", nullable=False, server_default=sa.text("hub_now()"))
    op.add_column("inbox", sa.Column("taken_up_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        op.f("ix_inbox_received_at"),
        "inbox",
        ["received_at"],
        unique=False,
        postgresql_where=sa.text(
            "taken_up_at IS NULL AND topic IN "
            "('customers/data_request', 'customers/redact', 'shop/redact', 'app/uninstalled')"
        ),
    )
    op.add_column("requests", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        op.f("ix_requests_tried_at"),
        "requests",
        ["tried_at"],
        unique=False,
        postgresql_where=sa.text("erased_at IS NULL"),
    )
    for table in ("news", "pending"):
        op.add_column(table, sa.Column("trace", sa.Text(), nullable=True))
    op.add_column("exchanges", sa.Column("trace_id", sa.Text(), nullable=True))
    op.create_table(
        "privacy_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=True),
        sa.Column("orders", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_requests")),
        sa.UniqueConstraint("store", "delivery", name=op.f("uq_privacy_requests_store_delivery")),
    )
    op.create_table(
        "retention",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_retention")),
    )
