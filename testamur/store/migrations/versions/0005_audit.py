"""The audit log: who did what, when and why, one entry after the other for each organisation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A log begins with the next act of its organisation; its first entry says what was there before it."""
    op.create_table(
        "audit",
        sa.Column("organisation", sa.Integer, sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("why_salt", sa.LargeBinary, nullable=False),
        sa.Column("why_digest", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("organisation", "number"),
        sa.Index("audit_subject", "organisation", "subject"),
    )
