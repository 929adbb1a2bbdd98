"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them all."""
    _make_what_is_planned()
    _make_what_is_sent()
    _make_what_is_decided()


def _make_what_is_planned() -> None:
    op.create_table(
        "slot",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("schedule", sa.String(), nullable=False),
        sa.Column("wall", sa.BigInteger(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("event", sa.String()),
        sa.Column("years", sa.Integer()),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("grace", sa.BigInteger()),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("tone", sa.String(), nullable=False),
        sa.Column("event_tone", sa.String()),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("accounts", sa.Text(), nullable=False),
        sa.Column("touched", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_slot"),
    )
    op.create_index("ix_slot_at", "slot", ["at"])
    op.create_index("ix_slot_planned_at", "slot", ["planned_at"])
    op.create_table(
        "gap",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_gap"),
    )
    op.create_index("ix_gap_at", "gap", ["at"])
    op.create_table(
        "cursor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("files", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cursor"),
    )


def _make_what_is_sent() -> None:
    op.create_table(
        "delivery",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger()),
        sa.Column("deadline", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.BigInteger()),
        sa.Column("lease", sa.Integer(), nullable=False),
        sa.Column("quarantine", sa.Integer(), nullable=False),
        sa.Column("min_gap", sa.Integer(), nullable=False),
        sa.Column("find", sa.Boolean(), nullable=False),
        sa.Column("rendition", sa.Text(), nullable=False),
        sa.Column("rendition_digest", sa.String(), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("approved_digest", sa.String()),
        sa.Column("approved_by", sa.String()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["slot"], ["slot.key"], name="fk_delivery_slot_slot"),
        sa.PrimaryKeyConstraint("key", name="pk_delivery"),
    )
    op.create_index("ix_delivery_account", "delivery", ["account"])
    op.create_index("ix_delivery_slot", "delivery", ["slot"])
    op.create_index("ix_delivery_state_due", "delivery", ["state", "due"])
    op.create_table(
        "attempt",
        sa.Column("delivery", sa.String(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String()),
        sa.Column("detail", sa.Text()),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.key"], name="fk_attempt_delivery_delivery"),
        sa.PrimaryKeyConstraint("delivery", "part", "fence", name="pk_attempt"),
    )
    op.create_table(
        "receipt",
        sa.Column("delivery", sa.String(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.key"], name="fk_receipt_delivery_delivery"),
        sa.PrimaryKeyConstraint("delivery", "part", name="pk_receipt"),
    )
    op.create_index("ix_receipt_at", "receipt", ["at"])
    op.create_table(
        "move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.key"], name="fk_move_delivery_delivery"),
        sa.PrimaryKeyConstraint("id", name="pk_move"),
    )
    op.create_index("ix_move_delivery", "move", ["delivery"])


def _make_what_is_decided() -> None:
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String()),
        sa.Column("tone", sa.String()),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("released_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_hold"),
    )
    op.create_table(
        "pulse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pulse"),
    )
