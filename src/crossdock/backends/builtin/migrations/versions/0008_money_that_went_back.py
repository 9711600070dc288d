"""Credit documents, and refunds that the warehouse asks for. Runs before the new code starts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "credit_documents",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column(
            "booked_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("builtin_warehouse.warehouse_now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_credit_documents")),
        sa.UniqueConstraint("number", name=op.f("uq_credit_documents_number")),
        schema="builtin_warehouse",
    )
    op.create_index(op.f("ix_credit_documents_order_id"), "credit_documents", ["order_id"], schema="builtin_warehouse")
    op.create_table(
        "refund_requests",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("order_name", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made", sa.Boolean(), nullable=True),
        sa.Column("refund_id", sa.Text(), nullable=True),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column(
            "changed",
            sa.BigInteger(),
            server_default=sa.text("nextval('builtin_warehouse.happenings'::regclass)"),
            nullable=False,
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refund_requests_amount")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_refund_requests")),
        sa.UniqueConstraint("number", name=op.f("uq_refund_requests_number")),
        schema="builtin_warehouse",
    )
    op.create_index(op.f("ix_refund_requests_changed"), "refund_requests", ["changed"], schema="builtin_warehouse")
    op.create_index(op.f("ix_refund_requests_order_id"), "refund_requests", ["order_id"], schema="builtin_warehouse")
