"""An invitation taken: the person is made, or the one who is there already gets the roles."""

from __future__ import annotations

from datetime import timedelta

from testamur.errors import Malformed, OperatorError
from testamur.issuer.desk.office import Office
from testamur.keys.passwords import MAX_PASSWORD, hash_password
from testamur.store.desk import Invitation, Person, credentials, members, waiting

GOOD_FOR = timedelta(days=7)
MIN_PASSWORD = 12
_COMMON = frozenset(
    (
        "password1234", "passwordpassword", "123456789012", "1234567890123", "12345678901234",
        "123123123123", "qwertyuiopas", "qwertyqwerty", "qwerty123456", "administrator",
        "adminadminadmin", "letmeinletmein", "iloveyouiloveyou", "welcomewelcome", "changemechangeme",
        "testamurtestamur",
    )
)  # fmt: skip


def invite(office: Office, invitation: Invitation) -> str:
    """The link's token; what waited for the same address in the same place is withdrawn."""
    _check_email(invitation.email)
    with office.people.writing() as connection:
        waiting.withdraw(connection, invitation.organisation, invitation.email)
        return waiting.invite(connection, invitation)


def check_password(password: str, person: Person) -> None:
    """Raise Malformed for one that is easily guessed; how it is composed is the person's own affair."""
    told = password.casefold()
    if len(password) < MIN_PASSWORD:
        raise Malformed("password", f"a password has at least {MIN_PASSWORD} characters")
    if len(password) > MAX_PASSWORD:
        raise Malformed("password", "this password is too long")
    if told in _COMMON or len(set(told)) < 5 or told in (person.email, person.name.casefold()):
        raise Malformed("password", "this password would be guessed; choose another one")


def join(office: Office, token: str, *, name: str, password: str) -> Person:
    """The person who took an invitation, with the roles it gives.

    Raises OperatorError where it is gone; then nothing has changed.
    """
    at = office.now()
    hashed = hash_password(password) if password else ""
    with office.people.writing() as connection:
        invitation = waiting.take_invitation(connection, token, at)
        if invitation is None:
            raise OperatorError("this invitation was used already, or its time is over")
        person = members.find_email(connection, invitation.email)
        if person is None:
            if not name or not hashed:
                raise Malformed("name", "a name and a password are needed")
            new = Person(0, invitation.email, name[:200], is_operator=invitation.is_operator)
            number = members.add(connection, new, at)
            credentials.set_password(connection, number, hashed, at)
        else:
            number = person.id
            members.change(connection, number, is_active=True, is_operator=invitation.is_operator or None)
        if invitation.organisation is not None:
            held = person.roles.get(invitation.organisation, frozenset()) if person else frozenset()
            members.give_roles(connection, number, invitation.organisation, held | set(invitation.roles))
        joined = members.find(connection, number)
    if joined is None:
        raise OperatorError("this invitation could not be taken")
    return joined


def _check_email(email: str) -> None:
    name, at, host = email.strip().partition("@")
    if (
        not (name and at and "." in host)
        or len(email) > 254
        or any(letter.isspace() for letter in email.strip())
    ):
        raise Malformed("email", f"{email!r:.80} is no e-mail address")
