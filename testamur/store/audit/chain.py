"""An entry of the audit log, and how it is sealed to the one before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from testamur.canonical import jcs
from testamur.encoding import encode_base64url
from testamur.times import write_instant

FORMAT = "testamur audit 1"
GENESIS = bytes(32)
"""What stands for the digest before the first entry."""

_SALT = 16


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be written: an act, on what, and why. ``detail`` holds no name and no number of a learner."""

    act: str
    subject: str = ""  # a record's id, a key's, a batch's name
    why: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry as it stands in the log.

    The chain covers a salted digest of the reason: its words, which a person wrote and which may name
    somebody, can be taken out later without breaking the chain.
    """

    number: int
    at: datetime
    who: str
    act: str
    subject: str
    detail: dict[str, Any]
    why: str
    why_salt: bytes
    why_digest: bytes
    digest: bytes

    @property
    def is_erased(self) -> bool:
        """Whether the reason was taken out: with its words goes its salt, so other words cannot stand in their place."""
        return not self.why_salt and not self.why

    def to_json(self) -> dict[str, Any]:
        """The entry as it is exported."""
        return _covered(self) | {
            "why": self.why,
            "why_salt": encode_base64url(self.why_salt),
            "digest": encode_base64url(self.digest),
        }

    def follows(self, previous: bytes) -> bool:
        """Whether its digest is that of its contents after this entry, and its reason the one it was written with."""
        reason = self.is_erased or why_digest(self.why_salt, self.why) == self.why_digest
        return reason and _digest(previous, _covered(self)) == self.digest


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry of a log: how many there are, and the digest that stands for all of them."""

    number: int = 0
    digest: bytes = GENESIS

    @property
    def text(self) -> str:
        """As it is written down outside the ledger: ``12:q3…``."""
        return f"{self.number}:{encode_base64url(self.digest)}"


def linked(note: Note, after: Head, *, who: str, at: datetime) -> Entry:
    """The entry that a note becomes after the newest one."""
    salt = token_bytes(_SALT)
    entry = Entry(
        number=after.number + 1,
        at=at.replace(microsecond=0),
        who=who,
        act=note.act,
        subject=note.subject,
        detail=note.detail,
        why=note.why,
        why_salt=salt,
        why_digest=why_digest(salt, note.why),
        digest=b"",
    )
    return _sealed(entry, _digest(after.digest, _covered(entry)))


def why_digest(salt: bytes, why: str) -> bytes:
    """What the chain covers of a reason."""
    return sha256(salt + why.encode("utf-8", "surrogatepass")).digest()


def _sealed(entry: Entry, digest: bytes) -> Entry:
    members = {name: getattr(entry, name) for name in Entry.__slots__ if name != "digest"}
    return Entry(**members, digest=digest)


def _covered(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "at": write_instant(entry.at),
        "who": entry.who,
        "act": entry.act,
        "subject": entry.subject,
        "detail": entry.detail,
        "why_digest": encode_base64url(entry.why_digest),
    }


def _digest(previous: bytes, covered: dict[str, Any]) -> bytes:
    return sha256(previous + jcs(covered)).digest()
