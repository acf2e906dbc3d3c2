"""Batches, the names under which many rows are issued, and the numbered shards they are cut into."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select, update

from testamur.store.rows import find_organisation, insert_once, organisation_number
from testamur.store.tables import batches, shards
from testamur.store.values import Shard


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


def plan_shards(connection: Connection, organisation: str, batch: str, sizes: Sequence[int]) -> None:
    """Open a shard for each size, numbered from 0; shards that are there already stay as they are."""
    number = batch_number(connection, organisation_number(connection, organisation), batch)
    if sizes:
        insert_once(
            connection,
            shards,
            [{"batch": number, "number": n, "rows": size, "state": "open"} for n, size in enumerate(sizes)],
        )


def finish_shard(connection: Connection, organisation: str, batch: str, number: int) -> None:
    """Write that a shard is done."""
    found = find_batch(connection, find_organisation(connection, organisation), batch)
    connection.execute(
        update(shards).where(shards.c.batch == found, shards.c.number == number).values(state="done")
    )


def listed(connection: Connection, organisation: str, batch: str) -> list[Shard]:
    """The shards of a batch by number."""
    found = find_batch(connection, find_organisation(connection, organisation), batch)
    rows = connection.execute(
        select(shards.c.number, shards.c.rows, shards.c.state)
        .where(shards.c.batch == found)
        .order_by(shards.c.number)
    )
    return [Shard(*row) for row in rows]
