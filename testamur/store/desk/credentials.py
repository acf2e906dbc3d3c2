"""How people prove who they are: password, TOTP, recovery codes, passkeys, and an identity elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from testamur.errors import OperatorError
from testamur.store.desk.tables import identities, passkeys, passwords, recovery_codes, totps
from testamur.store.desk.values import Passkey, Totp
from testamur.store.rows import insert_once, instant, seconds


def password(connection: Connection, person: int) -> str:
    """The hash that is kept, "" where the person has no password."""
    return str(connection.scalar(select(passwords.c.hash).where(passwords.c.person == person)) or "")


def set_password(connection: Connection, person: int, hashed: str, at: datetime) -> None:
    """Keep a hash in place of the one before."""
    connection.execute(delete(passwords).where(passwords.c.person == person))
    connection.execute(insert(passwords).values(person=person, hash=hashed, changed=seconds(at)))


def totp(connection: Connection, person: int) -> Totp | None:
    """The TOTP secret of a person."""
    row = connection.execute(select(totps).where(totps.c.person == person)).first()
    return None if row is None else Totp(bytes(row.secret), row.confirmed, row.last_step)


def set_totp(connection: Connection, person: int, sealed: bytes) -> None:
    """Keep a sealed secret that a code has to confirm; raises OperatorError where one was confirmed."""
    gone = delete(totps).where(totps.c.person == person, totps.c.confirmed.is_(False))
    connection.execute(gone)
    if totp(connection, person) is not None:
        raise OperatorError("there is an app for codes already; take it away first")
    connection.execute(insert(totps).values(person=person, secret=sealed, confirmed=False, last_step=0))


def take_step(connection: Connection, person: int, step: int) -> bool:
    """Whether the code of this step is taken for the first time; it confirms the secret."""
    mine = (totps.c.person == person, totps.c.last_step < step)
    done = connection.execute(update(totps).where(*mine).values(last_step=step, confirmed=True))
    return done.rowcount == 1


def drop_totp(connection: Connection, person: int) -> None:
    """Forget secret and recovery codes."""
    connection.execute(delete(totps).where(totps.c.person == person))
    connection.execute(delete(recovery_codes).where(recovery_codes.c.person == person))


def set_recovery(connection: Connection, person: int, digests: Iterable[bytes]) -> None:
    """Exactly these recovery codes from now on."""
    connection.execute(delete(recovery_codes).where(recovery_codes.c.person == person))
    insert_once(connection, recovery_codes, [{"person": person, "digest": digest} for digest in digests])


def take_recovery(connection: Connection, person: int, digest: bytes) -> bool:
    """Whether this is a recovery code; it is gone with this."""
    mine = (recovery_codes.c.person == person, recovery_codes.c.digest == digest)
    return connection.execute(delete(recovery_codes).where(*mine)).rowcount == 1


def keys_of(connection: Connection, person: int) -> list[Passkey]:
    """The passkeys of a person, the oldest first."""
    question = select(passkeys).where(passkeys.c.person == person).order_by(passkeys.c.created)
    return [_passkey(row) for row in connection.execute(question)]


def find_key(connection: Connection, key: str) -> Passkey | None:
    """The passkey of this id."""
    row = connection.execute(select(passkeys).where(passkeys.c.id == key)).first()
    return None if row is None else _passkey(row)


def add_key(connection: Connection, key: Passkey) -> None:
    """Keep a passkey."""
    connection.execute(
        insert(passkeys).values(
            id=key.id, person=key.person, public_key=key.public_key, sign_count=key.sign_count,
            name=key.name, created=seconds(key.created), used=seconds(key.used),
        )
    )  # fmt: skip


def note_key(connection: Connection, key: str, sign_count: int, at: datetime) -> None:
    """Write that a passkey was used."""
    values = {"sign_count": sign_count, "used": seconds(at)}
    connection.execute(update(passkeys).where(passkeys.c.id == key).values(**values))


def drop_key(connection: Connection, person: int, key: str) -> None:
    """Forget a passkey of a person."""
    connection.execute(delete(passkeys).where(passkeys.c.id == key, passkeys.c.person == person))


def identity(connection: Connection, issuer: str, subject: str) -> int | None:
    """The person whom an identity provider calls by this name."""
    mine = (identities.c.issuer == issuer, identities.c.subject == subject)
    return connection.scalar(select(identities.c.person).where(*mine))


def add_identity(connection: Connection, issuer: str, subject: str, person: int, at: datetime) -> None:
    """Remember whom an identity provider means."""
    row = {"issuer": issuer, "subject": subject, "person": person, "created": seconds(at)}
    insert_once(connection, identities, [row])


def _passkey(row: Row[Any]) -> Passkey:
    found = row._mapping
    return Passkey(
        found["id"], found["person"], bytes(found["public_key"]), found["sign_count"], found["name"],
        instant(found["created"]), instant(found["used"]),
    )  # fmt: skip
