"""Sheets that are being prepared, the versions of templates, and the work that is done on them while nobody waits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _instant(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _refers(name: str, target: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, sa.ForeignKey(target), nullable=False)


def upgrade() -> None:
    """There were none before."""
    op.create_table(
        "sheets",
        sa.Column("id", sa.Text, primary_key=True),
        _refers("organisation", "organisations.id"),
        _refers("person", "people.id"),
        _text("template"),
        _text("key"),
        _text("batch"),
        _text("name"),
        sa.Column("data", sa.LargeBinary, nullable=False),
        _text("courses_name"),
        sa.Column("courses", sa.LargeBinary, nullable=False),
        sa.Column("changed", sa.Boolean, nullable=False),
        _instant("created"),
        _instant("moved"),
    )
    op.create_index("sheets_organisation", "sheets", ["organisation"])
    op.create_table(
        "jobs",
        sa.Column("id", sa.Text, primary_key=True),
        _refers("organisation", "organisations.id"),
        _refers("person", "people.id"),
        _text("kind"),
        _text("subject"),
        _text("state"),
        _number("done"),
        _number("total"),
        _text("note"),
        _text("result"),
        _instant("created"),
        _instant("lease"),
    )
    op.create_index("jobs_organisation", "jobs", ["organisation"])
    op.create_table(
        "template_versions",
        _refers("organisation", "organisations.id"),
        _text("name"),
        _number("number"),
        _text("text"),
        _refers("person", "people.id"),
        _instant("created"),
        sa.PrimaryKeyConstraint("organisation", "name", "number"),
    )
