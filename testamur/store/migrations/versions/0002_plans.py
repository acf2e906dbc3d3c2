"""Plans: a batch is cut into shards once for each sheet, and the rows of a shard can be handed to other hosts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Shards belong to a plan; there were none before this, since nothing wrote them."""
    op.drop_table("shards")
    op.create_table(
        "plans",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("batch", sa.Integer, sa.ForeignKey("batches.id"), nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("task", sa.Text, nullable=False),
        sa.UniqueConstraint("batch", "digest", name="plans_digest"),
    )
    op.create_table(
        "shards",
        *_numbered(),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("plan", "number"),
    )
    op.create_table(
        "shard_rows",
        *_numbered(),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("plan", "number"),
    )


def _numbered() -> list[sa.Column[int]]:
    return [
        sa.Column("plan", sa.Integer, sa.ForeignKey("plans.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
    ]
