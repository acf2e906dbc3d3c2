"""The people of the desk: members, sessions, credentials and what waits; each act takes an open transaction."""

from testamur.store.desk import credentials, designs, jobs, members, sessions, sheets, waiting
from testamur.store.desk.jobs import Job, JobState
from testamur.store.desk.people import People
from testamur.store.desk.sheets import GivenSheet
from testamur.store.desk.values import Invitation, Passkey, Person, Session, Totp

__all__ = [
    "GivenSheet",
    "Invitation",
    "Job",
    "JobState",
    "Passkey",
    "People",
    "Person",
    "Session",
    "Totp",
    "credentials",
    "designs",
    "jobs",
    "members",
    "sessions",
    "sheets",
    "waiting",
]
