"""Those who keep a wallet here: a digest of the name, the sealed vault, and how often somebody was wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from testamur.store.rows import insert_once, seconds
from testamur.store.wallets.tables import keepers, links, sessions, wrongs

PAUSE = timedelta(minutes=15)
MAX_WRONGS = 5


@dataclass(frozen=True, slots=True)
class Keeper:
    """One wallet as it lies in the database."""

    id: int
    vault: bytes = field(repr=False)
    digest: str


def add(connection: Connection, name: bytes, vault: bytes, at: datetime) -> int | None:
    """A new wallet's number, None where the name is taken."""
    now = seconds(at)
    values = {"name": name, "vault": vault, "digest": _digest(vault), "made": now, "written": now}
    try:
        with connection.begin_nested():
            number = connection.execute(insert(keepers).values(**values)).inserted_primary_key
    except IntegrityError:
        return None
    return int(number[0]) if number else None


def find(connection: Connection, *, name: bytes = b"", number: int = 0) -> Keeper | None:
    """The wallet of a name or number."""
    wanted = keepers.c.name == name if name else keepers.c.id == number
    row = connection.execute(select(keepers.c.id, keepers.c.vault, keepers.c.digest).where(wanted)).first()
    return Keeper(row.id, bytes(row.vault), row.digest) if row else None


def write(connection: Connection, keeper: Keeper, vault: bytes, at: datetime) -> Keeper | None:
    """The wallet with these bytes, None where somebody else has written it since it was read."""
    digest = _digest(vault)
    values = {"vault": vault, "digest": digest, "written": seconds(at)}
    same = (keepers.c.id == keeper.id) & (keepers.c.digest == keeper.digest)
    done = connection.execute(update(keepers).where(same).values(**values))
    return Keeper(keeper.id, vault, digest) if done.rowcount == 1 else None


def remove(connection: Connection, number: int) -> None:
    """Forget a wallet, its sessions and its links."""
    for table in (sessions, links):
        connection.execute(delete(table).where(table.c.keeper == number))
    connection.execute(delete(keepers).where(keepers.c.id == number))


def try_once(connection: Connection, name: bytes, at: datetime) -> bool:
    """Count one more passphrase for this name before it is tried; False where there were too many.

    It is wrong until ``was_right``, so that many at once are counted too; after the pause the counting begins anew.
    """
    now, until = seconds(at), seconds(at + PAUSE)
    connection.execute(delete(wrongs).where(wrongs.c.until <= now))
    insert_once(connection, wrongs, [{"name": name, "count": 0, "until": until}])
    few = (wrongs.c.name == name) & (wrongs.c.count < MAX_WRONGS)
    once_more = update(wrongs).where(few).values(count=wrongs.c.count + 1, until=until)
    return connection.execute(once_more).rowcount == 1


def was_right(connection: Connection, name: bytes) -> None:
    """Forget the wrong ones."""
    connection.execute(delete(wrongs).where(wrongs.c.name == name))


def _digest(vault: bytes) -> str:
    return sha256(vault).hexdigest()
