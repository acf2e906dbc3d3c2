"""Plans: how the rows of a batch are cut into numbered shards, which of them are done, and who is at which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b

from sqlalchemy import Connection, Engine, delete, insert, select, text, update

from testamur.errors import OperatorError
from testamur.store.batches import batch_number
from testamur.store.engine import is_sqlite
from testamur.store.rows import find_organisation, insert_once, organisation_number
from testamur.store.tables import batches, organisations, plans, shard_rows, shards
from testamur.store.values import DONE, FAILED, OPEN, Plan, Shard

# A worker whose host is gone says nothing: its session, and with it its claim, ends after half a minute.
_KEEPALIVE = "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4"
_HELD = text(
    "SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1"
    " AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def plan(
    connection: Connection,
    organisation: str,
    batch: str,
    digest: str,
    sizes: Sequence[int],
    *,
    task: str,
    anew: bool,
) -> int:
    """The plan of a batch for this digest, with a shard for each size, numbered from 0.

    One that is not finished is gone on with; one that is, or that is wanted ``anew``, begins again.
    """
    number = batch_number(connection, organisation_number(connection, organisation), batch)
    insert_once(connection, plans, [{"batch": number, "digest": digest, "task": task}])
    found: int = connection.execute(
        select(plans.c.id)
        .where(plans.c.batch == number, plans.c.digest == digest)
        .with_for_update(key_share=True)
    ).scalar_one()
    connection.execute(update(plans).where(plans.c.id == found).values(task=task))
    own = shards.c.plan == found
    unfinished = (
        connection.scalar(select(shards.c.number).where(own, shards.c.state != DONE).limit(1)) is not None
    )
    if unfinished and not anew:
        connection.execute(update(shards).where(own, shards.c.state == FAILED).values(state=OPEN, note=""))
        return found
    connection.execute(delete(shards).where(own))
    if sizes:
        rows = [
            {"plan": found, "number": n, "rows": size, "state": OPEN, "note": ""}
            for n, size in enumerate(sizes)
        ]
        connection.execute(insert(shards), rows)
    return found


def find_plan(connection: Connection, number: int) -> Plan | None:
    """The plan of this number, None where there is none."""
    row = connection.execute(
        select(plans.c.id, organisations.c.name, batches.c.name, plans.c.task)
        .join(batches, batches.c.id == plans.c.batch)
        .join(organisations, organisations.c.id == batches.c.organisation)
        .where(plans.c.id == number)
    ).one_or_none()
    return Plan(*row) if row else None


def listed(connection: Connection, plan: int) -> list[Shard]:
    """The shards of a plan by number."""
    rows = connection.execute(
        select(shards.c.number, shards.c.rows, shards.c.state, shards.c.note)
        .where(shards.c.plan == plan)
        .order_by(shards.c.number)
    )
    return [Shard(*row) for row in rows]


def finish(connection: Connection, plan: int, number: int) -> None:
    """Write that a shard is done; its rows are not kept any longer."""
    mine = (shards.c.plan == plan, shards.c.number == number)
    connection.execute(update(shards).where(*mine).values(state=DONE, note=""))
    connection.execute(delete(shard_rows).where(shard_rows.c.plan == plan, shard_rows.c.number == number))


def fail(connection: Connection, plan: int, number: int, note: str) -> None:
    """Write why a shard cannot be done, unless it is."""
    mine = (shards.c.plan == plan, shards.c.number == number, shards.c.state == OPEN)
    connection.execute(update(shards).where(*mine).values(state=FAILED, note=note.replace("\0", "")))


def note(connection: Connection, plan: int, number: int, text: str) -> None:
    """Write what kept a worker from doing a shard that another one may do."""
    mine = (shards.c.plan == plan, shards.c.number == number, shards.c.state == OPEN)
    connection.execute(update(shards).where(*mine).values(note=text.replace("\0", "")))


def hand_over(connection: Connection, plan: int, number: int, data: bytes) -> None:
    """Keep the rows of a shard until it is done, where every worker can read them."""
    mine = {"plan": plan, "number": number}
    connection.execute(delete(shard_rows).where(shard_rows.c.plan == plan, shard_rows.c.number == number))
    connection.execute(insert(shard_rows).values(**mine, data=data))


def handed_over(connection: Connection, plan: int, number: int) -> bytes | None:
    """The rows of an open shard, None where it is done or was not handed over."""
    data = connection.scalar(
        select(shard_rows.c.data)
        .join(shards, (shards.c.plan == shard_rows.c.plan) & (shards.c.number == shard_rows.c.number))
        .where(shard_rows.c.plan == plan, shard_rows.c.number == number, shards.c.state == OPEN)
    )
    return None if data is None else bytes(data)


def drop_rows(connection: Connection, plan: int) -> None:
    """Forget the rows of a plan that nobody waits for any more."""
    connection.execute(delete(shard_rows).where(shard_rows.c.plan == plan))


def unclaimed(connection: Connection, organisation: str) -> list[tuple[int, int]]:
    """The shards that were handed over, are open, and that no worker is at: plan and number."""
    owner = find_organisation(connection, organisation)
    rows = connection.execute(
        select(shards.c.plan, shards.c.number)
        .join(shard_rows, (shards.c.plan == shard_rows.c.plan) & (shards.c.number == shard_rows.c.number))
        .join(plans, plans.c.id == shards.c.plan)
        .join(batches, batches.c.id == plans.c.batch)
        .where(batches.c.organisation == owner, shards.c.state == OPEN)
        .order_by(shards.c.plan, shards.c.number)
    ).all()
    held = set(connection.scalars(_HELD)) if rows else set()
    return [(plan, number) for plan, number in rows if _lock(plan, number) not in held]


@contextmanager
def claim(engine: Engine, plan: int, number: int) -> Iterator[bool]:
    """Whether the shard is ours, and nobody else's until we let go of it or our process ends.

    The claim is a lock of a PostgreSQL session: when a worker is killed its session ends, and the
    shard is free at once.
    """
    if is_sqlite(engine):
        raise OperatorError(
            "shards can be shared out only with a ledger in PostgreSQL",
            hint="leave out --queue, or move the ledger: testamur backup, then testamur restore --store",
        )
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql(_KEEPALIVE)
        key = {"key": _lock(plan, number)}
        got = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), key))
        try:
            yield got
        finally:
            if got:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)


def _lock(plan: int, number: int) -> int:
    name = f"testamur shard {plan} {number}".encode()
    return int.from_bytes(blake2b(name, digest_size=8).digest(), "big", signed=True)
