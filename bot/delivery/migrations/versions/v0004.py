"""What the desk keeps: decisions, approvals by several people, takedowns, and who may come."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; one approval is what a delivery that needed any needs, and those that were given stay."""
    with op.batch_alter_table("delivery") as delivery:
        delivery.add_column(sa.Column("approvals", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE delivery SET approvals = 1 WHERE needs_approval")
    _make_tables()
    op.execute(
        "INSERT INTO approval (delivery, who, digest, at) SELECT key, approved_by, approved_digest, at FROM delivery "
        "WHERE approved_digest IS NOT NULL AND approved_by IS NOT NULL"
    )
    with op.batch_alter_table("delivery") as delivery:
        delivery.alter_column("approvals", server_default=None)
        delivery.drop_column("needs_approval")
        delivery.drop_column("approved_by")


def _make_tables() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("slot", sa.String()),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("undone_by", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_decision"),
        sa.ForeignKeyConstraint(["undone_by"], ["decision.id"], name="fk_decision_undone_by_decision"),
    )
    op.create_index("ix_decision_slot", "decision", ["slot"])
    op.create_table(
        "approval",
        sa.Column("delivery", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("delivery", "who", name="pk_approval"),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.key"], name="fk_approval_delivery_delivery"),
    )
    op.create_table(
        "removal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery", sa.String(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("outcome", sa.String()),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_removal"),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.key"], name="fk_removal_delivery_delivery"),
    )
    op.create_index("ix_removal_delivery", "removal", ["delivery"])
    op.create_table(
        "token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("is_once", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger()),
        sa.Column("used_at", sa.BigInteger()),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_token"),
        sa.UniqueConstraint("digest", name="uq_token_digest"),
    )
    op.create_table(
        "session",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("csrf", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_session"),
        sa.ForeignKeyConstraint(["token"], ["token.id"], name="fk_session_token_token"),
    )
