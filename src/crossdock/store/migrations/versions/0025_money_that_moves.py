"""Payments that are captured, refunds that a backend asks for, and refunds that it was told of."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "money_moves",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("telling", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("refused", sa.Text(), nullable=True),
        sa.Column("refusals", sa.Integer(), server_default="0", nullable=False),
        sa.Column("refund_id", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("connection", "key", name=op.f("pk_money_moves")),
    )
    op.create_index(op.f("ix_money_moves_connection_order_id"), "money_moves", ["connection", "order_id"])
    op.create_table(
        "credit_documents",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("refund_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("total", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.PrimaryKeyConstraint("connection", "refund_id", name=op.f("pk_credit_documents")),
    )
    op.create_index(op.f("ix_credit_documents_connection_order_id"), "credit_documents", ["connection", "order_id"])


def downgrade() -> None:
    op.execute("UPDATE connections SET flows = array_remove(flows, 'money')")
    op.execute("DELETE FROM pending WHERE flow = 'money'")
    op.execute("DELETE FROM news WHERE flow = 'money'")
    op.execute("DELETE FROM holds WHERE flow = 'money'")
    op.drop_table("credit_documents")
    op.drop_table("money_moves")
