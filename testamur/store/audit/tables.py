"""The table of the audit log: rows are only ever added; of a reason the words can be taken out, not its digest."""

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

audit = Table(
    "audit",
    metadata,
    Column("organisation", Integer, ForeignKey("organisations.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("why_salt", LargeBinary, nullable=False),
    Column("why_digest", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    PrimaryKeyConstraint("organisation", "number"),
    Index("audit_subject", "organisation", "subject"),
)
