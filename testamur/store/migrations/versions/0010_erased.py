"""Records whose personal data were erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None was erased before this."""
    op.create_table(
        "erased",
        sa.Column(
            "record",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.ForeignKey("records.serial"),
            primary_key=True,
        ),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
