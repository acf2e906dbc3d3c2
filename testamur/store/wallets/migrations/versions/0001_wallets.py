"""Vaults, sessions, wrong answers and links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _instant(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


def _keeper() -> sa.Column[int]:
    return sa.Column("keeper", sa.Integer, sa.ForeignKey("keepers.id"), nullable=False, index=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table("wallet_installation", sa.Column("name", sa.Text, primary_key=True), _bytes("value"))
    op.create_table(
        "keepers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.LargeBinary, nullable=False, unique=True),
        _bytes("vault"),
        sa.Column("digest", sa.Text, nullable=False),
        _instant("made"),
        _instant("written"),
    )
    op.create_table(
        "wallet_sessions",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        _keeper(),
        _bytes("key"),
        _instant("began"),
        _instant("seen"),
    )
    op.create_table(
        "wallet_wrongs",
        sa.Column("name", sa.LargeBinary, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        _instant("until"),
    )
    op.create_table(
        "wallet_links",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        _keeper(),
        _bytes("sealed"),
        sa.Column("is_withdrawn", sa.Boolean, nullable=False),
        _instant("made"),
        _instant("until"),
        sa.Column("opened", sa.Integer, nullable=False),
    )
