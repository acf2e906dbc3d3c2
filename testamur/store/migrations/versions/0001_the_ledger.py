"""The first ledger: organisations, keys, batches, records, forms, status."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LIVE_ROW = sa.text("replaced_by IS NULL AND row_key <> ''")
IN_A_BATCH = sa.text("batch IS NOT NULL")


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _refers(name: str, target: str, kind: Any = sa.Integer, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, kind, sa.ForeignKey(target), nullable=nullable)


def upgrade() -> None:
    """Make every table."""
    _make_organisations()
    _make_batches()
    _make_records()
    _make_status()


def _make_organisations() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.Integer, primary_key=True),
        *_text("name"),
        sa.Column("next_list", sa.Integer, nullable=False),
        sa.UniqueConstraint("name", name="organisations_name"),
    )
    op.create_table(
        "keys",
        _refers("organisation", "organisations.id"),
        *_text("id", "multikey", "algorithm", "use", "state"),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger),
        sa.Column("revoked", sa.BigInteger),
        *_text("uri"),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    op.create_table(
        "looks",
        sa.Column("id", sa.Integer, primary_key=True),
        _refers("organisation", "organisations.id"),
        *_text("digest", "text"),
        sa.UniqueConstraint("organisation", "digest", name="looks_digest"),
    )


def _make_batches() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer, primary_key=True),
        _refers("organisation", "organisations.id"),
        *_text("name"),
        sa.UniqueConstraint("organisation", "name", name="batches_name"),
    )
    op.create_table(
        "shards",
        _refers("batch", "batches.id"),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        *_text("state"),
        sa.PrimaryKeyConstraint("batch", "number"),
    )


def _make_records() -> None:
    op.create_table(
        "records",
        sa.Column("serial", SERIAL, primary_key=True),
        *_text("id"),
        _refers("organisation", "organisations.id"),
        *_text("template", "template_version", "row_key", "row_digest"),
        _refers("batch", "batches.id", nullable=True),
        _refers("look", "looks.id", nullable=True),
        sa.Column("issued_at", sa.BigInteger, nullable=False),
        sa.Column("valid_from", sa.BigInteger, nullable=False),
        *_text("holder", "holder_latin", "award", "number", "search", "state"),
        sa.Column("replaced_by", sa.Text, sa.ForeignKey("records.id", deferrable=True, initially="DEFERRED")),
        sa.UniqueConstraint("id", name="records_id"),
    )
    op.create_index(
        "records_live_row",
        "records",
        ["organisation", "template", "row_key"],
        unique=True,
        sqlite_where=LIVE_ROW,
        postgresql_where=LIVE_ROW,
    )
    op.create_index(
        "records_batch", "records", ["batch"], sqlite_where=IN_A_BATCH, postgresql_where=IN_A_BATCH
    )
    op.create_table(
        "forms",
        _refers("record", "records.serial", SERIAL),
        *_text("name", "format"),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        *_text("text"),
        sa.PrimaryKeyConstraint("record", "name"),
    )


def _make_status() -> None:
    op.create_table(
        "status_lists",
        sa.Column("id", sa.Integer, primary_key=True),
        _refers("organisation", "organisations.id"),
        sa.Column("number", sa.Integer, nullable=False),
        *_text("purpose"),
        sa.Column("seed", sa.LargeBinary, nullable=False),
        sa.Column("next_position", sa.Integer, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.UniqueConstraint("organisation", "number", name="status_lists_number"),
    )
    op.create_table(
        "status_events",
        sa.Column("id", SERIAL, primary_key=True),
        _refers("record", "records.serial", SERIAL),
        *_text("purpose"),
        sa.Column("value", sa.Boolean, nullable=False),
        *_text("reason"),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("status_events_record", "status_events", ["record"])
    op.create_table(
        "status_slots",
        _refers("list", "status_lists.id"),
        sa.Column("list_index", sa.Integer, nullable=False),
        _refers("record", "records.serial", SERIAL),
        _refers("event", "status_events.id", SERIAL, nullable=True),
        sa.PrimaryKeyConstraint("list", "list_index"),
        sqlite_with_rowid=False,
    )
    op.create_index("status_slots_record", "status_slots", ["record"])
