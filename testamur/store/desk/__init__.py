"""The people of the desk: members, sessions, credentials and what waits; each act takes an open transaction."""

from testamur.store.desk import credentials, members, sessions, waiting
from testamur.store.desk.people import People
from testamur.store.desk.values import Invitation, Passkey, Person, Session, Totp

__all__ = [
    "Invitation",
    "Passkey",
    "People",
    "Person",
    "Session",
    "Totp",
    "credentials",
    "members",
    "sessions",
    "waiting",
]
