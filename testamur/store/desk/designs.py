"""The versions of templates, as they were kept one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from testamur.store.desk.tables import template_versions as versions
from testamur.store.rows import find_organisation, instant, organisation_number, seconds


@dataclass(frozen=True, slots=True)
class Design:
    """A template as somebody kept it."""

    number: int
    text: str
    person: int
    created: datetime


def keep(connection: Connection, organisation: str, name: str, text: str, person: int, at: datetime) -> int:
    """Keep one more version; gives its number, or that of the newest where it says the same."""
    owner = organisation_number(connection, organisation)
    mine = (versions.c.organisation == owner, versions.c.name == name)
    last = connection.scalar(select(func.max(versions.c.number)).where(*mine)) or 0
    newest = connection.scalar(select(versions.c.text).where(*mine, versions.c.number == last))
    if newest == text:
        return int(last)
    connection.execute(
        insert(versions).values(
            organisation=owner, name=name, number=last + 1, text=text, person=person, created=seconds(at)
        )
    )
    return int(last) + 1


def listed(connection: Connection, organisation: str, name: str, limit: int = 50) -> list[Design]:
    """The versions of a template, the newest first."""
    owner = find_organisation(connection, organisation)
    rows = connection.execute(
        select(versions)
        .where(versions.c.organisation == owner, versions.c.name == name)
        .order_by(versions.c.number.desc())
        .limit(limit)
    )
    return [Design(row.number, row.text, row.person, instant(row.created)) for row in rows]


def find(connection: Connection, organisation: str, name: str, number: int) -> Design | None:
    """A version of a template."""
    return next(
        (each for each in listed(connection, organisation, name, 10_000) if each.number == number), None
    )
