"""A letter in the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

QUEUED, SENDING, HANDING = "queued", "sending", "handing"
SENT, FAILED, BOUNCED, CANCELLED = "sent", "failed", "bounced", "cancelled"
STATES = (QUEUED, SENDING, HANDING, SENT, FAILED, BOUNCED, CANCELLED)
"""``handing``: the server has the letter or has it not; only a person sends one again that was left so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLetter:
    """A letter to be queued; ``sealed`` is its JSON for the place ``letter:TOKEN``."""

    token: str
    record_id: str
    kind: str
    language: str
    sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter as the ledger has it."""

    id: int
    token: str
    record_id: str
    organisation: str
    kind: str
    language: str
    state: str
    attempts: int
    queued_at: datetime
    due_at: datetime
    ended_at: datetime | None
    note: str  # what the server said last, without the address
    sealed: bytes
