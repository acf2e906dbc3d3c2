"""Writing into the audit log, at the end of the transaction of the act that is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from testamur.jsontext import write_json
from testamur.store.audit.chain import Entry, Head, Note, linked
from testamur.store.audit.tables import audit
from testamur.store.rows import insert_many, seconds
from testamur.store.tables import organisations, records, status_events

BEGUN = "begun"
_NULL = "\0"


def append(
    connection: Connection,
    owner: int,
    notes: Sequence[Note],
    *,
    who: str,
    at: datetime,
    records_before: int = 0,
    events_before: int = 0,
) -> None:
    """Write the notes after the newest entry of an organisation.

    This comes last in a transaction: from here on others who write for the organisation wait until it
    is over. The first entry of all says how many records and events there were before the log
    (``records_before`` and ``events_before`` of this transaction are not among them).
    """
    if not notes:
        return
    name = connection.scalar(
        select(organisations.c.name).where(organisations.c.id == owner).with_for_update(key_share=True)
    )
    after = head(connection, owner)
    if not after.number:
        begun = _begun(connection, owner, str(name), records_before, events_before)
        notes = [begun, *notes]
    rows: list[tuple[Any, ...]] = []
    for note in notes:
        entry = linked(_plain(note), after, who=who.replace(_NULL, ""), at=at)
        rows.append(_row(owner, entry))
        after = Head(entry.number, entry.digest)
    insert_many(connection, audit, rows)


def head(connection: Connection, owner: int | None) -> Head:
    """The newest entry of an organisation."""
    newest = connection.execute(
        select(audit.c.number, audit.c.digest)
        .where(audit.c.organisation == owner)
        .order_by(audit.c.number.desc())
        .limit(1)
    ).one_or_none()
    return Head(newest.number, bytes(newest.digest)) if newest else Head()


def _begun(connection: Connection, owner: int, name: str, records_now: int, events_now: int) -> Note:
    """The first entry: whose log it is, and what was there before it."""
    count = connection.scalar(select(func.count()).where(records.c.organisation == owner)) or 0
    events = connection.scalar(
        select(func.count(status_events.c.id))
        .join(records, records.c.serial == status_events.c.record)
        .where(records.c.organisation == owner)
    )
    detail = {"organisation": name, "records": count - records_now, "events": (events or 0) - events_now}
    return Note(BEGUN, detail=detail)


def _plain(note: Note) -> Note:
    """The note without NUL, which PostgreSQL keeps in no text."""
    return Note(note.act, note.subject.replace(_NULL, ""), note.why.replace(_NULL, ""), note.detail)


def _row(owner: int, entry: Entry) -> tuple[Any, ...]:
    return (
        owner,
        entry.number,
        seconds(entry.at),
        entry.who,
        entry.act,
        entry.subject,
        write_json(entry.detail),
        entry.why,
        entry.why_salt,
        entry.why_digest,
        entry.digest,
    )
