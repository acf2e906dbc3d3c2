"""People and what they may do where."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from testamur.errors import OperatorError
from testamur.store.desk.tables import memberships, people, sessions
from testamur.store.desk.values import Person
from testamur.store.rows import find_organisation, insert_once, organisation_number, seconds
from testamur.store.tables import organisations


def plain_email(email: str) -> str:
    """How an address is kept and compared."""
    return email.strip().casefold()


def add(connection: Connection, person: Person, at: datetime) -> int:
    """Keep a person; raises OperatorError where somebody has that address."""
    email = plain_email(person.email)
    if connection.scalar(select(people.c.id).where(people.c.email == email)) is not None:
        raise OperatorError("somebody with this address works here already")
    number: int = connection.execute(
        insert(people)
        .values(
            email=email,
            name=person.name,
            language=person.language,
            is_operator=person.is_operator,
            is_active=person.is_active,
            created=seconds(at),
        )
        .returning(people.c.id)
    ).scalar_one()
    return number


def find(connection: Connection, person: int) -> Person | None:
    """The person of this number, with all roles."""
    row = connection.execute(select(people).where(people.c.id == person)).first()
    return None if row is None else _person(connection, row)


def find_email(connection: Connection, email: str) -> Person | None:
    """The person of this address."""
    row = connection.execute(select(people).where(people.c.email == plain_email(email))).first()
    return None if row is None else _person(connection, row)


def listed(connection: Connection, organisation: str) -> list[Person]:
    """Everybody with a role in an organisation, by name."""
    number = find_organisation(connection, organisation)
    members = select(memberships.c.person).where(memberships.c.organisation == number)
    rows = connection.execute(select(people).where(people.c.id.in_(members)).order_by(people.c.name)).all()
    return [_person(connection, row) for row in rows]


def operators(connection: Connection) -> list[Person]:
    """Everybody who may found organisations."""
    rows = connection.execute(select(people).where(people.c.is_operator).order_by(people.c.name)).all()
    return [_person(connection, row) for row in rows]


def give_roles(connection: Connection, person: int, organisation: str, roles: Iterable[str]) -> None:
    """Exactly these roles from now on; none of them ends the membership."""
    number = organisation_number(connection, organisation)
    mine = (memberships.c.person == person, memberships.c.organisation == number)
    connection.execute(delete(memberships).where(*mine))
    rows = [{"person": person, "organisation": number, "role": role} for role in sorted(set(roles))]
    if rows:
        insert_once(connection, memberships, rows)


def change(
    connection: Connection,
    person: int,
    *,
    name: str | None = None,
    language: str | None = None,
    is_active: bool | None = None,
    is_operator: bool | None = None,
) -> None:
    """Change what is given; who is no longer active has no session any more."""
    given = {"name": name, "language": language, "is_active": is_active, "is_operator": is_operator}
    values = {key: value for key, value in given.items() if value is not None}
    if values:
        connection.execute(update(people).where(people.c.id == person).values(**values))
    if is_active is False:
        connection.execute(delete(sessions).where(sessions.c.person == person))


def _person(connection: Connection, row: Row[Any]) -> Person:
    held: dict[str, set[str]] = {}
    joined = memberships.join(organisations, memberships.c.organisation == organisations.c.id)
    question = select(organisations.c.name, memberships.c.role).select_from(joined)
    for organisation, role in connection.execute(question.where(memberships.c.person == row.id)):
        held.setdefault(organisation, set()).add(role)
    roles = {organisation: frozenset(names) for organisation, names in held.items()}
    return Person(row.id, row.email, row.name, row.language, row.is_operator, row.is_active, roles)
