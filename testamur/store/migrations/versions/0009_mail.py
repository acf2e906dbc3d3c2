"""The outbox, and where learners are written to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """No letter was sent before this."""
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("organisation", sa.Integer, sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("record", _SERIAL, sa.ForeignKey("records.serial"), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("token", "kind", "language", "state")),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("queued_at", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("token", name="letters_token"),
        sa.Index("letters_due", "state", "due_at"),
        sa.Index("letters_record", "record"),
    )
    op.create_table(
        "contacts",
        sa.Column("record", _SERIAL, sa.ForeignKey("records.serial"), primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
