"""What once-only delivery keeps: what was prepared, who was asked, what it costs, and what people were told."""

from hashlib import blake2b

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
        delivery.add_column(sa.Column("seal", sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE delivery SET priority = (SELECT priority FROM slot WHERE slot.key = delivery.slot)")
    _seal()
    with op.batch_alter_table("delivery") as delivery:
        delivery.alter_column("priority", server_default=None)
        delivery.alter_column("seal", server_default=None)
    op.create_index("ix_delivery_state_due_priority", "delivery", ["state", "due", "priority"])
    _make_tables()


def _seal() -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT key, rendition FROM delivery")).all()
    sealed = [{"the_key": key, "seal": _sealed(key, rendition)} for key, rendition in rows]
    if sealed:
        connection.execute(sa.text("UPDATE delivery SET seal = :seal WHERE key = :the_key"), sealed)


def _sealed(*parts: str) -> str:
    """As it was made when this version was; a migration stays as it is."""
    return blake2b(b"".join(part.encode() + b"\0" for part in parts), digest_size=12).hexdigest()


def _make_tables() -> None:
    op.create_table(
        "prepared",
        sa.Column("delivery", sa.String(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
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
        "respite",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("noes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account", name="pk_respite"),
    )
    op.create_table(
        "told",
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("cause", name="pk_told"),
    )
