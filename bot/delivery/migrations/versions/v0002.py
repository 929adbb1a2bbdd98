"""What once-only delivery keeps: what was prepared, who was asked, what it costs, and what people were told."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it, and take every earlier silence for that of a network: a person can tell, and the dry run can not."""
    with op.batch_alter_table("attempt") as attempt:
        attempt.add_column(sa.Column("live", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE attempt SET live = TRUE WHERE outcome IS NULL OR outcome = 'unanswered'")
    with op.batch_alter_table("attempt") as attempt:
        attempt.alter_column("live", server_default=None)
    op.drop_index("ix_delivery_state_due", "delivery")
    with op.batch_alter_table("delivery") as delivery:
        delivery.add_column(sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE delivery SET priority = (SELECT priority FROM slot WHERE slot.key = delivery.slot)")
    with op.batch_alter_table("delivery") as delivery:
        delivery.alter_column("priority", server_default=None)
    op.create_index("ix_delivery_state_due_priority", "delivery", ["state", "due", "priority"])
    _make_tables()


def _make_tables() -> None:
    op.create_table(
        "prepared",
        sa.Column("delivery", sa.String(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("delivery", "part", name="pk_prepared"),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.key"], name="fk_prepared_delivery_delivery"),
    )
    op.create_table(
        "spend",
        sa.Column("delivery", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("usd", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("delivery", name="pk_spend"),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.key"], name="fk_spend_delivery_delivery"),
    )
    op.create_index("ix_spend_account_at", "spend", ["account", "at"])
    op.create_table(
        "told",
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("cause", name="pk_told"),
    )
