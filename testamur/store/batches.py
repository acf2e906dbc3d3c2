"""Batches, the names under which many rows are issued."""

from __future__ import annotations

from sqlalchemy import Connection, case, func, select

from testamur.store.rows import find_organisation, insert_once, instant
from testamur.store.tables import batches, records
from testamur.store.values import VALID, Batch


def find_batch(connection: Connection, owner: int | None, name: str) -> int | None:
    """The integer that stands for a batch, None where there is none of that name."""
    return connection.scalar(
        select(batches.c.id).where(batches.c.organisation == owner, batches.c.name == name)
    )


def batch_number(connection: Connection, owner: int, name: str) -> int:
    """The integer that stands for a batch, given now if there is none."""
    found = find_batch(connection, owner, name)
    if found is None:
        insert_once(connection, batches, [{"organisation": owner, "name": name}])
        found = find_batch(connection, owner, name)
    if found is None:
        raise LookupError(name)
    return found


def listed(connection: Connection, organisation: str, limit: int) -> list[Batch]:
    """The batches of an organisation with what became of their records, the newest first."""
    last = func.max(records.c.issued_at)
    rows = connection.execute(
        select(
            batches.c.name,
            func.count().label("count"),
            func.sum(case((records.c.state == VALID, 1), else_=0)).label("valid"),
            func.min(records.c.issued_at).label("first"),
            last.label("last"),
        )
        .join(records, records.c.batch == batches.c.id)
        .where(batches.c.organisation == find_organisation(connection, organisation))
        .group_by(batches.c.id, batches.c.name)
        .order_by(last.desc(), batches.c.id.desc())
        .limit(limit)
    )
    return [
        Batch(row.name, row._mapping["count"], int(row.valid), instant(row.first), instant(row.last))
        for row in rows
    ]
