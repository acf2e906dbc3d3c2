"""The keys of an organisation and the days they are good for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from testamur.errors import OperatorError
from testamur.store.rows import find_organisation, instant, organisation_number, seconds
from testamur.store.tables import keys
from testamur.store.values import ACTIVE, COMPROMISED, RETIRED, KeyEntry


def add(connection: Connection, organisation: str, entry: KeyEntry) -> None:
    """Register a key; raises OperatorError where the organisation has one of that name."""
    owner = organisation_number(connection, organisation)
    known = connection.scalar(select(keys.c.state).where(keys.c.organisation == owner, keys.c.id == entry.id))
    if known is not None:
        raise OperatorError(f"there is a key {entry.id} already, and it is {known}")
    connection.execute(
        insert(keys).values(
            organisation=owner,
            id=entry.id,
            multikey=entry.multikey,
            algorithm=entry.algorithm,
            use=entry.use,
            state=entry.state,
            created=seconds(entry.created),
            expires=None if entry.expires is None else seconds(entry.expires),
            revoked=None if entry.revoked is None else seconds(entry.revoked),
            uri=entry.uri,
        )
    )


def listed(connection: Connection, organisation: str) -> list[KeyEntry]:
    """Every key of an organisation: those for diplomas, then those for status, each in the order they were made."""
    rows = connection.execute(
        select(keys).where(keys.c.organisation == find_organisation(connection, organisation))
    )
    entries = [
        KeyEntry(
            id=row.id,
            multikey=row.multikey,
            algorithm=row.algorithm,
            created=instant(row.created),
            use=row.use,
            state=row.state,
            expires=None if row.expires is None else instant(row.expires),
            revoked=None if row.revoked is None else instant(row.revoked),
            uri=row.uri,
        )
        for row in rows
    ]
    return sorted(entries, key=lambda entry: (entry.use, entry.number, entry.created))


def retire(connection: Connection, organisation: str, key_id: str, at: datetime) -> None:
    """Close the window of an active key: what it signed before stays good."""
    _close(connection, organisation, key_id, (ACTIVE,), {"state": RETIRED, "expires": seconds(at)})


def compromise(connection: Connection, organisation: str, key_id: str, at: datetime) -> None:
    """Mark a key as in foreign hands since ``at``: from then on only published digests count."""
    _close(
        connection, organisation, key_id, (ACTIVE, RETIRED), {"state": COMPROMISED, "revoked": seconds(at)}
    )


def _close(
    connection: Connection, organisation: str, key_id: str, states: tuple[str, ...], values: dict[str, object]
) -> None:
    owner = find_organisation(connection, organisation)
    mine = (keys.c.organisation == owner, keys.c.id == key_id)
    state = connection.scalar(select(keys.c.state).where(*mine).with_for_update())
    if state is None:
        raise OperatorError(f"there is no key {key_id}", hint="`testamur key list` shows them")
    if state not in states:
        raise OperatorError(f"the key {key_id} is {state} already")
    connection.execute(update(keys).where(*mine).values(**values))
