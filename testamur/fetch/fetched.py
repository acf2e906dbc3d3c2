"""What a fetch gives back, and the smallest thing that can fetch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from testamur.errors import EvidenceUnusable

MAX_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Fetched:
    """A response, and when it was really fetched (a cached one may be old)."""

    url: str  # where it was found in the end, after redirects
    body: bytes
    media_type: str  # lower case, without parameters; "" where the server named none
    at: datetime


class Fetching(Protocol):
    """Opens an address within limits."""

    def get(self, url: str, *, accept: str = "*/*", max_bytes: int = MAX_BYTES) -> Fetched:
        """The response; raises EvidenceUnusable, whatever went wrong."""
        ...


class NoNetwork:
    """Refuses always: nothing is looked up on the network."""

    def get(self, url: str, *, accept: str = "*/*", max_bytes: int = MAX_BYTES) -> Fetched:
        """Raise EvidenceUnusable."""
        raise EvidenceUnusable("working offline, nothing is looked up on the network")
