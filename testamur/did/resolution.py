"""What resolving a DID shows, and the shape of a DID method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from testamur.did.document import DidDocument
from testamur.fetch import Fetching
from testamur.jsontext import Json
from testamur.times import write_instant


@dataclass(frozen=True, slots=True)
class Resolution:
    """A document, where it comes from and when it was fetched."""

    document: DidDocument
    source: str  # "derived" from the DID itself, "fetched", "pinned" in a trust file
    at: datetime | None = None  # None: derived, or pinned without a date

    @property
    def metadata(self) -> Json:
        """The ``didResolutionMetadata`` of DID Resolution §4.2, with where and when in our words."""
        metadata: Json = {"contentType": "application/did", "source": self.source}
        if self.at is not None:
            metadata["retrieved"] = write_instant(self.at)
        return metadata


DidMethod = Callable[[str, Fetching], Resolution]
"""``method(did, fetch)``: raises Malformed for a DID that is none of its own, EvidenceUnusable, Unsupported."""
