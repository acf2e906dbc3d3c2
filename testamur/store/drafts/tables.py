"""The tables of drafts; what they would issue lies in them sealed, and is gone once it is done."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from testamur.store.tables import metadata


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


drafts = Table(
    "drafts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organisation", Integer, ForeignKey("organisations.id"), nullable=False),
    _text("token"),
    _text("kind"),
    _text("template"),
    _text("batch"),
    Column("rows", Integer, nullable=False),
    Column("part_rows", Integer, nullable=False),
    _text("digest"),
    _text("state"),
    _text("note"),
    _text("prepared_by"),
    Column("prepared_at", BigInteger, nullable=False),
    _text("approved_by"),
    Column("approved_at", BigInteger),
    Column("ended_at", BigInteger),
    Column("task", LargeBinary, nullable=False),
    Index("drafts_organisation", "organisation", "state"),
)

draft_parts = Table(
    "draft_parts",
    metadata,
    Column("draft", Integer, ForeignKey("drafts.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    PrimaryKeyConstraint("draft", "number"),
)

settings = Table(
    "settings",
    metadata,
    Column("organisation", Integer, ForeignKey("organisations.id"), nullable=False),
    _text("name"),
    _text("value"),
    PrimaryKeyConstraint("organisation", "name"),
)
