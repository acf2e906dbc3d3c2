"""How pages looked when their records were issued, each text kept once under its digest."""

from __future__ import annotations

from sqlalchemy import Connection, select

from testamur.store.rows import find_organisation, insert_once, organisation_number
from testamur.store.tables import looks


def keep(connection: Connection, organisation: str, digest: str, text: str) -> None:
    """Keep a look under its digest; one that is there already stays as it is."""
    owner = organisation_number(connection, organisation)
    insert_once(connection, looks, [{"organisation": owner, "digest": digest, "text": text}])


def find_look(connection: Connection, owner: int, digest: str) -> int | None:
    """The integer that stands for a look, None where it was not kept."""
    return connection.scalar(
        select(looks.c.id).where(looks.c.organisation == owner, looks.c.digest == digest)
    )


def text(connection: Connection, organisation: str, digest: str) -> str | None:
    """The text of a look, None where it was not kept."""
    owner = find_organisation(connection, organisation)
    return connection.scalar(
        select(looks.c.text).where(looks.c.organisation == owner, looks.c.digest == digest)
    )


def listed(connection: Connection, organisation: str) -> list[str]:
    """The text of every look of an organisation, the oldest first."""
    owner = find_organisation(connection, organisation)
    return list(
        connection.scalars(select(looks.c.text).where(looks.c.organisation == owner).order_by(looks.c.id))
    )
