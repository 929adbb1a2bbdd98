"""What slots know besides their time: until when they may speak, and what a frame can say of them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both; what is queued already has no end of its own, and its words are written down."""
    with op.batch_alter_table("slot") as slot:
        slot.add_column(sa.Column("until", sa.BigInteger()))
        slot.add_column(sa.Column("facts", sa.Text(), nullable=False, server_default="[]"))
    with op.batch_alter_table("slot") as slot:
        slot.alter_column("facts", server_default=None)
