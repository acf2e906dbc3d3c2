"""The tables of the ledger, designed for a million rows a batch.

Every large table grows at its end (``serial``), rows name one another by integers, and there is no
index that a question does not need. The schema itself is made by the migrations; a test holds the
two against each other.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.sql.type_api import TypeEngine

metadata = MetaData()

SERIAL: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")  # SQLite's rowid is an INTEGER
LIVE_ROW = text("replaced_by IS NULL AND row_key <> ''")
IN_A_BATCH = text("batch IS NOT NULL")


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _instant(name: str, *, nullable: bool = False) -> Column[int]:
    """Whole seconds since 1970."""
    return Column(name, BigInteger, nullable=nullable)


def _refers(name: str, target: str, kind: TypeEngine[int] | type[Integer] = Integer) -> Column[int]:
    return Column(name, kind, ForeignKey(target), nullable=False)


organisations = Table(
    "organisations",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("name"),
    Column("next_list", Integer, nullable=False),
    UniqueConstraint("name", name="organisations_name"),
)

keys = Table(
    "keys",
    metadata,
    _refers("organisation", "organisations.id"),
    _text("id"),
    _text("multikey"),
    _text("algorithm"),
    _text("use"),
    _text("state"),
    _instant("created"),
    _instant("expires", nullable=True),
    _instant("revoked", nullable=True),
    _text("uri"),
    PrimaryKeyConstraint("organisation", "id"),
)

batches = Table(
    "batches",
    metadata,
    Column("id", Integer, primary_key=True),
    _refers("organisation", "organisations.id"),
    _text("name"),
    UniqueConstraint("organisation", "name", name="batches_name"),
)

plans = Table(
    "plans",
    metadata,
    Column("id", Integer, primary_key=True),
    _refers("batch", "batches.id"),
    _text("digest"),  # of the sheet and of how it is cut
    _text("task"),  # what workers elsewhere have to know; "" where there are none
    UniqueConstraint("batch", "digest", name="plans_digest"),
)

shards = Table(
    "shards",
    metadata,
    _refers("plan", "plans.id"),
    Column("number", Integer, nullable=False),
    Column("rows", Integer, nullable=False),
    _text("state"),
    _text("note"),  # why a shard failed
    PrimaryKeyConstraint("plan", "number"),
)

shard_rows = Table(
    "shard_rows",
    metadata,
    _refers("plan", "plans.id"),
    Column("number", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    PrimaryKeyConstraint("plan", "number"),
)

looks = Table(
    "looks",
    metadata,
    Column("id", Integer, primary_key=True),
    _refers("organisation", "organisations.id"),
    _text("digest"),
    _text("text"),
    UniqueConstraint("organisation", "digest", name="looks_digest"),
)

records = Table(
    "records",
    metadata,
    Column("serial", SERIAL, primary_key=True),
    _text("id"),
    _refers("organisation", "organisations.id"),
    _text("template"),
    _text("template_version"),
    _text("row_key"),
    _text("row_digest"),
    Column("batch", Integer, ForeignKey("batches.id")),
    Column("look", Integer, ForeignKey("looks.id")),
    _instant("issued_at"),
    _instant("valid_from"),
    _text("holder"),
    _text("holder_latin"),
    _text("award"),
    _text("number"),
    _text("search"),
    _text("state"),
    Column("replaced_by", Text, ForeignKey("records.id", deferrable=True, initially="DEFERRED")),
    UniqueConstraint("id", name="records_id"),
    Index(
        "records_live_row",
        "organisation",
        "template",
        "row_key",
        unique=True,
        sqlite_where=LIVE_ROW,
        postgresql_where=LIVE_ROW,
    ),
    Index("records_batch", "batch", sqlite_where=IN_A_BATCH, postgresql_where=IN_A_BATCH),
)

forms = Table(
    "forms",
    metadata,
    _refers("record", "records.serial", SERIAL),
    _text("name"),
    _text("format"),
    Column("digest", LargeBinary, nullable=False),
    _text("text"),
    PrimaryKeyConstraint("record", "name"),
)

hidden = Table(
    "hidden",
    metadata,
    Column("record", SERIAL, ForeignKey("records.serial"), primary_key=True),
    _instant("at"),
)

status_lists = Table(
    "status_lists",
    metadata,
    Column("id", Integer, primary_key=True),
    _refers("organisation", "organisations.id"),
    Column("number", Integer, nullable=False),
    _text("purpose"),
    Column("seed", LargeBinary, nullable=False),
    Column("next_position", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    UniqueConstraint("organisation", "number", name="status_lists_number"),
)

status_events = Table(
    "status_events",
    metadata,
    Column("id", SERIAL, primary_key=True),
    _refers("record", "records.serial", SERIAL),
    _text("purpose"),
    Column("value", Boolean, nullable=False),
    _text("reason"),
    _instant("at"),
    Index("status_events_record", "record"),
)

status_slots = Table(
    "status_slots",
    metadata,
    _refers("list", "status_lists.id"),
    Column("list_index", Integer, nullable=False),
    _refers("record", "records.serial", SERIAL),
    Column("event", SERIAL, ForeignKey("status_events.id")),  # the event that set the bit, while it is set
    PrimaryKeyConstraint("list", "list_index"),
    Index("status_slots_record", "record"),
    sqlite_with_rowid=False,
)
