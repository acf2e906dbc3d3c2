"""Batches, the names under which many rows are issued."""

from __future__ import annotations

from sqlalchemy import Connection, select

from testamur.store.rows import insert_once
from testamur.store.tables import batches


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
