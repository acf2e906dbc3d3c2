"""What a fetch gives back, and the smallest thing that can fetch."""

from __future__ import annotations

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back of something that was sent, whatever its status."""

    url: str
    status: int
    headers: Mapping[str, str]  # names in lower case; of several of one name the first
    body: bytes
    media_type: str
    at: datetime


class Fetching(Protocol):
    """Opens an address within limits."""

    def get(self, url: str, *, accept: str = "*/*", max_bytes: int = MAX_BYTES) -> Fetched:
        """The response; raises EvidenceUnusable, whatever went wrong."""
        ...


class Posting(Fetching, Protocol):
    """Opens addresses and sends to them, within the same limits."""

    def post(
        self,
        url: str,
        body: bytes,
        content_type: str,
        *,
        headers: Mapping[str, str] | None = None,
        accept: str = "application/json",
        max_bytes: int = MAX_BYTES,
    ) -> Answered:
        """What came back, also where it is a refusal; raises EvidenceUnusable where nothing did."""
        ...


class NoNetwork:
    """Refuses always: nothing is looked up on the network."""

    def get(self, *_: object, **__: object) -> Fetched:
        """Raise EvidenceUnusable."""
        raise EvidenceUnusable("working offline, nothing is looked up on the network")

    def post(self, *_: object, **__: object) -> Answered:
        """Raise EvidenceUnusable."""
        raise EvidenceUnusable("working offline, nothing is sent over the network")
