"""The outbox: letters to learners, each sealed, with everything that became of it; and where learners are written to."""

from testamur.store.mail.outbox import Outbox
from testamur.store.mail.values import (
    BOUNCED,
    CANCELLED,
    FAILED,
    HANDING,
    QUEUED,
    SENDING,
    SENT,
    STATES,
    Letter,
    NewLetter,
)

__all__ = [
    "BOUNCED",
    "CANCELLED",
    "FAILED",
    "HANDING",
    "QUEUED",
    "SENDING",
    "SENT",
    "STATES",
    "Letter",
    "NewLetter",
    "Outbox",
]
