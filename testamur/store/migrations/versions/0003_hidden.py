"""Records that were deleted over the VC API: hidden there, kept here, so that their status can still be told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None was hidden before this."""
    op.create_table(
        "hidden",
        sa.Column(
            "record",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.ForeignKey("records.serial"),
            primary_key=True,
        ),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
