"""Proving who one is: an address and a password, and what is done about guessing."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from testamur.errors import TestamurError
from testamur.issuer.desk.office import Office
from testamur.keys.passwords import is_password
from testamur.store.desk import Person, credentials, members, sessions, waiting

WINDOW = timedelta(minutes=15)
OF_ONE_PERSON, FROM_ONE_ADDRESS = 10, 100
"""Wrong answers within the window, after which nobody is asked again until it is over."""


class TooOften(TestamurError):
    """There were too many wrong answers for one person, or from one address."""


def by_password(office: Office, email: str, password: str, address: str) -> Person | None:
    """The person, where the password is right; raises TooOften after many wrong ones.

    Whether an address is known here cannot be told from the answer, nor from how long it takes.
    """
    at, names = office.now(), _names("password", email, address)
    check_tries(office, names, at)
    with office.people.reading() as connection:
        person = members.find_email(connection, email)
        kept = credentials.password(connection, person.id) if person and person.is_active else ""
    if is_password(kept, password) and person is not None:
        forget_tries(office, names)
        return person
    note_tries(office, names, at)
    return None


def begin_session(office: Office, person: Person, *, proved_twice: bool = False) -> tuple[str, str]:
    """A session and its stage: ``password`` where a second factor is owed, ``enrol`` where one has to be made."""
    at = office.now()
    with office.people.writing() as connection:
        sessions.sweep(connection, at)
        totp = credentials.totp(connection, person.id)
        has_factor = bool((totp and totp.confirmed) or credentials.keys_of(connection, person.id))
        stage = "whole"
        if not proved_twice and has_factor:
            stage = "password"
        elif not proved_twice and office.settings.second_factor:
            stage = "enrol"
        return sessions.begin(connection, person.id, stage, at), stage


def check_tries(office: Office, names: dict[str, int], at: datetime) -> None:
    """Raise TooOften where one of these names was tried too often."""
    with office.people.reading() as connection:
        if any(waiting.count_tries(connection, name, at, WINDOW) >= most for name, most in names.items()):
            raise TooOften("there were too many wrong answers; wait a quarter of an hour")


def note_tries(office: Office, names: dict[str, int], at: datetime) -> None:
    """Count a wrong answer."""
    with office.people.writing() as connection:
        for name in names:
            waiting.note_try(connection, name, at, WINDOW)


def forget_tries(office: Office, names: dict[str, int]) -> None:
    """A right answer: the person's counter begins anew; that of the address goes on."""
    with office.people.writing() as connection:
        waiting.forget_tries(connection, next(iter(names)))


def factor_names(person: Person, address: str) -> dict[str, int]:
    """The counters of second factors."""
    return _names("factor", str(person.id), address)


def _names(kind: str, who: str, address: str) -> dict[str, int]:
    """Counters without the words they are about."""
    return {
        f"{kind}:{_mark(members.plain_email(who))}": OF_ONE_PERSON,
        f"address:{_mark(address)}": FROM_ONE_ADDRESS,
    }


def _mark(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
