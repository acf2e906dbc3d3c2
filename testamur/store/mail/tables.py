"""The tables of the outbox: what is in a letter, and where a learner is written to, lies sealed."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from testamur.store.tables import SERIAL, metadata

letters = Table(
    "letters",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organisation", Integer, ForeignKey("organisations.id"), nullable=False),
    Column("record", SERIAL, ForeignKey("records.serial"), nullable=False),
    Column("token", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("queued_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("note", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    UniqueConstraint("token", name="letters_token"),
    Index("letters_due", "state", "due_at"),
    Index("letters_record", "record"),
)

contacts = Table(
    "contacts",
    metadata,
    Column("record", SERIAL, ForeignKey("records.serial"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
