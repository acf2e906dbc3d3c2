"""Links to what somebody shared: sealed bytes that the link's fragment opens, until they are withdrawn or end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from testamur.store.rows import instant, seconds
from testamur.store.wallets.sessions import digest_of
from testamur.store.wallets.tables import links

REMEMBERED = timedelta(days=400)
"""How long it is still said that a link was withdrawn or has ended."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link; ``sealed`` is empty once it was withdrawn or has ended."""

    sealed: bytes = field(repr=False)
    is_withdrawn: bool
    made: datetime
    until: datetime
    opened: int


def add(
    connection: Connection, name: str, keeper: int, sealed: bytes, *, at: datetime, until: datetime
) -> None:
    """A new link; what ended is emptied, and what ended long ago forgotten."""
    connection.execute(update(links).where(links.c.until <= seconds(at)).values(sealed=b""))
    connection.execute(delete(links).where(links.c.until <= seconds(at - REMEMBERED)))
    values = {"digest": digest_of(name), "keeper": keeper, "sealed": sealed, "is_withdrawn": False}
    moments = {"made": seconds(at), "until": seconds(until)}
    connection.execute(insert(links).values(**values, **moments, opened=0))


def count(connection: Connection, keeper: int, at: datetime) -> int:
    """How many links of a wallet are open."""
    open_ones = (links.c.keeper == keeper) & (links.c.until > seconds(at)) & ~links.c.is_withdrawn
    return int(connection.scalar(select(func.count()).select_from(links).where(open_ones)) or 0)


def find(connection: Connection, name: str) -> Link | None:
    """The link of this name, also where it is over."""
    row = connection.execute(select(links).where(links.c.digest == digest_of(name))).first()
    if row is None:
        return None
    return Link(bytes(row.sealed), row.is_withdrawn, instant(row.made), instant(row.until), row.opened)


def open_once(connection: Connection, name: str, at: datetime) -> bytes | None:
    """What lies behind a link, with one more opening noted; None where it is over."""
    link = find(connection, name)
    if link is None or link.is_withdrawn or link.until <= at or not link.sealed:
        return None
    more = update(links).where(links.c.digest == digest_of(name)).values(opened=links.c.opened + 1)
    connection.execute(more)
    return link.sealed


def withdraw(connection: Connection, name: str, keeper: int) -> bool:
    """Empty a link of this wallet; False where it has none of this name."""
    own = (links.c.digest == digest_of(name)) & (links.c.keeper == keeper)
    done = connection.execute(update(links).where(own).values(sealed=b"", is_withdrawn=True))
    return done.rowcount == 1
