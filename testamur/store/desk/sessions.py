"""Sessions: the browser has a random token, the database its digest."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import Connection, delete, insert, select, update

from testamur.store.desk import members
from testamur.store.desk.tables import sessions
from testamur.store.desk.values import Session
from testamur.store.rows import instant, seconds

IDLE = timedelta(minutes=45)
WHOLE = timedelta(hours=12)
PASSWORD_ONLY = timedelta(minutes=10)
"""How long somebody may look for the phone with the second factor."""

_NOTED = 30  # seconds between two notes that a session is in use


def digest_of(token: str) -> bytes:
    """What is kept of a token."""
    return sha256(token.encode("utf-8", "replace")).digest()


def begin(connection: Connection, person: int, stage: str, at: datetime) -> str:
    """A new session; its token is told once."""
    token, now = token_urlsafe(32), seconds(at)
    connection.execute(
        insert(sessions).values(
            digest=digest_of(token), person=person, stage=stage, began=now, seen=now, proved=now
        )
    )
    return token


def find(connection: Connection, token: str, at: datetime) -> Session | None:
    """The session of a token, None where there is none, or its time or its person's is over."""
    row = connection.execute(select(sessions).where(sessions.c.digest == digest_of(token))).first()
    if row is None or instant(row.seen) + IDLE < at or instant(row.began) + WHOLE < at:
        return None
    if row.stage != "whole" and instant(row.began) + PASSWORD_ONLY < at:
        return None
    person = members.find(connection, row.person)
    if person is None or not person.is_active:
        return None
    return Session(person, row.stage, instant(row.began), instant(row.seen), instant(row.proved))


def is_due(session: Session, at: datetime) -> bool:
    """Whether it should be noted again that a session is in use."""
    return (at - session.seen).total_seconds() > _NOTED


def note(connection: Connection, token: str, at: datetime, *, proved: bool = False) -> None:
    """Write that a session is in use, or that its person proved again who they are."""
    values = {"seen": seconds(at)} | ({"proved": seconds(at)} if proved else {})
    connection.execute(update(sessions).where(sessions.c.digest == digest_of(token)).values(**values))


def end(connection: Connection, token: str) -> None:
    """Forget a session."""
    connection.execute(delete(sessions).where(sessions.c.digest == digest_of(token)))


def end_all(connection: Connection, person: int, *, but: str = "") -> None:
    """Forget every session of a person, but perhaps the one of this token."""
    gone = delete(sessions).where(sessions.c.person == person, sessions.c.digest != digest_of(but))
    connection.execute(gone)


def sweep(connection: Connection, at: datetime) -> None:
    """Forget the sessions whose time is over."""
    connection.execute(
        delete(sessions).where(
            (sessions.c.began < seconds(at - WHOLE)) | (sessions.c.seen < seconds(at - IDLE))
        )
    )
