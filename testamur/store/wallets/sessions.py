"""Sessions of unlocked wallets: the browser has a random token, the database its digest and a key sealed under it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, insert, or_, select, update

from testamur.store.rows import instant, seconds
from testamur.store.wallets.tables import sessions

IDLE = timedelta(minutes=15)
WHOLE = timedelta(hours=8)
_NOTED = 20  # seconds between two notes that a session is in use


@dataclass(frozen=True, slots=True)
class Session:
    """An open session; ``key`` opens with its token only."""

    keeper: int
    key: bytes = field(repr=False)
    began: datetime
    seen: datetime


def begin(connection: Connection, token: str, keeper: int, key: bytes, at: datetime) -> None:
    """A new session; those whose time is over are forgotten with it."""
    now = seconds(at)
    over = or_(sessions.c.seen < seconds(at - IDLE), sessions.c.began < seconds(at - WHOLE))
    connection.execute(delete(sessions).where(over))
    values = {"digest": digest_of(token), "keeper": keeper, "key": key, "began": now, "seen": now}
    connection.execute(insert(sessions).values(**values))


def find(connection: Connection, token: str, at: datetime) -> Session | None:
    """The session of a token, None where there is none or its time is over."""
    row = connection.execute(select(sessions).where(sessions.c.digest == digest_of(token))).first()
    if row is None or instant(row.seen) + IDLE < at or instant(row.began) + WHOLE < at:
        return None
    return Session(row.keeper, bytes(row.key), instant(row.began), instant(row.seen))


def is_due(session: Session, at: datetime) -> bool:
    """Whether it should be noted again that a session is in use."""
    return (at - session.seen).total_seconds() > _NOTED


def note(connection: Connection, token: str, at: datetime) -> None:
    """Write that a session is in use."""
    used = update(sessions).where(sessions.c.digest == digest_of(token)).values(seen=seconds(at))
    connection.execute(used)


def end(connection: Connection, token: str) -> None:
    """Forget a session, and with it what opened the wallet."""
    connection.execute(delete(sessions).where(sessions.c.digest == digest_of(token)))


def end_all(connection: Connection, keeper: int, *, but: str = "") -> None:
    """Forget every session of a wallet, but perhaps the one of this token."""
    gone = delete(sessions).where(sessions.c.keeper == keeper, sessions.c.digest != digest_of(but))
    connection.execute(gone)


def digest_of(token: str) -> bytes:
    """What is kept of a token."""
    return sha256(token.encode("utf-8", "replace")).digest()
