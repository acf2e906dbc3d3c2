"""What the tables of claims hold, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from testamur.errors import Refused
from testamur.jsontext import Json

OPEN, TAKEN, WITHDRAWN = "open", "taken", "withdrawn"
MAX_TRIES = 5
"""Wrong one-time codes until an offer takes none any more, not even the right one."""


def digest_of(secret: str) -> bytes:
    """What is kept of a link, a code or a token."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True, slots=True)
class OfferEntry:
    """A record that somebody may take into a wallet, once."""

    id: int
    organisation: str
    record_id: str
    has_code: bool
    code_length: int
    tries: int
    label: str
    state: str
    created: datetime
    until: datetime
    taken: datetime | None

    @property
    def is_locked(self) -> bool:
        """Whether its code was got wrong too often."""
        return self.tries >= MAX_TRIES

    def is_over(self, at: datetime) -> bool:
        """Whether its time is over before it was taken."""
        return self.state == OPEN and at >= self.until


@dataclass(frozen=True, slots=True)
class Grant:
    """What an access token allows: the configurations of one offer, bound to a key where ``jkt`` is one."""

    offer: int
    token: bytes  # its digest
    said: Json
    until: datetime

    @property
    def jkt(self) -> str:
        """The thumbprint of the key it is bound to, "" for a bearer token."""
        return str(self.said.get("jkt", ""))


@dataclass(frozen=True, slots=True)
class Notice:
    """What a wallet reported of what it was given."""

    event: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """What a learner asks to have corrected."""

    id: int
    record_id: str
    text: str
    at: datetime
    done: datetime | None


class NotNow(Refused):
    """Something counts once, or for a time, and this was too late; ``why`` says which."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


SPENT, OVER, REPLAYED, OTHER_KEYS, ENDED = "spent", "over", "replayed", "other keys", "ended"
