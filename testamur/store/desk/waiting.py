"""What waits for somebody and counts once: invitations, challenges; and how often something was tried."""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from testamur.store.desk.members import plain_email
from testamur.store.desk.sessions import digest_of
from testamur.store.desk.tables import invitations, pending, tries
from testamur.store.desk.values import Invitation
from testamur.store.rows import (
    find_organisation,
    insert_once,
    instant,
    organisation_number,
    seconds,
)
from testamur.store.tables import organisations


def invite(connection: Connection, invitation: Invitation) -> str:
    """Keep an invitation; its token is told once."""
    token = token_urlsafe(32)
    organisation = invitation.organisation
    connection.execute(
        insert(invitations).values(
            digest=digest_of(token),
            email=plain_email(invitation.email),
            organisation=None if organisation is None else organisation_number(connection, organisation),
            roles=" ".join(invitation.roles),
            is_operator=invitation.is_operator,
            by=invitation.by,
            created=seconds(invitation.created),
            until=seconds(invitation.until),
        )
    )
    return token


def find_invitation(connection: Connection, token: str, at: datetime) -> Invitation | None:
    """The invitation of a token, None where there is none or its time is over."""
    found = _invitations(connection, invitations.c.digest == digest_of(token))
    return found[0] if found and found[0].until >= at else None


def take_invitation(connection: Connection, token: str, at: datetime) -> Invitation | None:
    """The invitation of a token, which is gone with this."""
    found = find_invitation(connection, token, at)
    gone = connection.execute(delete(invitations).where(invitations.c.digest == digest_of(token)))
    return found if gone.rowcount == 1 else None


def listed(connection: Connection, organisation: str | None) -> list[Invitation]:
    """The invitations of an organisation, or those of operators, that nobody took yet."""
    if organisation is None:
        return _invitations(connection, invitations.c.organisation.is_(None))
    return _invitations(connection, invitations.c.organisation == find_organisation(connection, organisation))


def withdraw(connection: Connection, organisation: str | None, email: str) -> None:
    """Forget the invitations of an address."""
    number = None if organisation is None else find_organisation(connection, organisation)
    place = invitations.c.organisation.is_(None) if number is None else invitations.c.organisation == number
    connection.execute(delete(invitations).where(place, invitations.c.email == plain_email(email)))


def _invitations(connection: Connection, which: ColumnElement[bool]) -> list[Invitation]:
    joined = invitations.outerjoin(organisations, invitations.c.organisation == organisations.c.id)
    question = select(invitations, organisations.c.name.label("school")).select_from(joined)
    rows = connection.execute(question.where(which).order_by(invitations.c.created))
    return [
        Invitation(
            row.email, row.school, tuple(row.roles.split()), row.is_operator, row.by,
            instant(row.created), instant(row.until),
        )
        for row in rows
    ]  # fmt: skip


def put(connection: Connection, kind: str, value: str, at: datetime, good_for: timedelta) -> str:
    """Keep something under a random token until it is taken or its time is over."""
    token = token_urlsafe(32)
    connection.execute(delete(pending).where(pending.c.until < seconds(at)))
    until = seconds(at + good_for)
    connection.execute(insert(pending).values(digest=digest_of(token), kind=kind, value=value, until=until))
    return token


def take(connection: Connection, kind: str, token: str, at: datetime) -> str | None:
    """What was kept under a token; whoever takes it first has it alone."""
    mine = (pending.c.digest == digest_of(token), pending.c.kind == kind)
    row = connection.execute(select(pending).where(*mine)).first()
    gone = connection.execute(delete(pending).where(*mine))
    if row is None or gone.rowcount != 1 or row.until < seconds(at):
        return None
    return str(row.value)


def note_try(connection: Connection, name: str, at: datetime, window: timedelta) -> int:
    """Count one more try of this name; the number of those within the window that began with the first."""
    insert_once(connection, tries, [{"name": name, "count": 0, "since": seconds(at)}])
    old = tries.c.since <= seconds(at - window)
    connection.execute(update(tries).where(tries.c.name == name, old).values(count=0, since=seconds(at)))
    connection.execute(update(tries).where(tries.c.name == name).values(count=tries.c.count + 1))
    return int(connection.scalar(select(tries.c.count).where(tries.c.name == name)) or 0)


def count_tries(connection: Connection, name: str, at: datetime, window: timedelta) -> int:
    """How often it was tried within the window."""
    row = connection.execute(select(tries).where(tries.c.name == name)).first()
    return 0 if row is None or row.since <= seconds(at - window) else int(row._mapping["count"])


def forget_tries(connection: Connection, name: str) -> None:
    """Begin to count anew."""
    connection.execute(delete(tries).where(tries.c.name == name))
