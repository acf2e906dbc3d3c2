"""Drafts that wait for approval, and the settings of organisations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """There were none before this."""
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("organisation", sa.Integer, sa.ForeignKey("organisations.id"), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("token", "kind", "template", "batch")),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("part_rows", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("digest", "state", "note", "prepared_by")),
        sa.Column("prepared_at", sa.BigInteger, nullable=False),
        sa.Column("approved_by", sa.Text, nullable=False),
        sa.Column("approved_at", sa.BigInteger),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("task", sa.LargeBinary, nullable=False),
        sa.Index("drafts_organisation", "organisation", "state"),
    )
    op.create_table(
        "draft_parts",
        sa.Column("draft", sa.Integer, sa.ForeignKey("drafts.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("draft", "number"),
    )
    op.create_table(
        "settings",
        sa.Column("organisation", sa.Integer, sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("organisation", "name"),
    )
