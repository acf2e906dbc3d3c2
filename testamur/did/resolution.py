"""What resolving a DID shows, and the shape of a DID method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from testamur.did.document import DidDocument
from testamur.did.webvh.history import History, Version
from testamur.fetch import Fetching
from testamur.jsontext import Json
from testamur.times import write_instant


@dataclass(frozen=True, slots=True)
class Resolution:
    """A document, where it comes from and when it was fetched; of a did:webvh also all its versions."""

    document: DidDocument
    source: str  # "derived" from the DID itself, "fetched", "pinned" in a trust file
    at: datetime | None = None  # None: derived, or pinned without a date
    history: History | None = None
    version: Version | None = None  # the one in ``document``, where there is a history

    @property
    def metadata(self) -> Json:
        """The ``didResolutionMetadata`` of DID Resolution §4.2, with where and when in our words."""
        metadata: Json = {"contentType": "application/did", "source": self.source}
        if self.at is not None:
            metadata["retrieved"] = write_instant(self.at)
        return metadata

    @property
    def document_metadata(self) -> Json:
        """The ``didDocumentMetadata`` of DID Resolution §4.3: which version this is, and when it was made."""
        if self.history is None or self.version is None:
            return {}
        return self.history.metadata(self.version)

    @property
    def version_number(self) -> int:
        """The number of the version in ``document``, 0 where there is no history."""
        return self.version.entry.number if self.version else 0

    @property
    def version_time(self) -> datetime | None:
        """When that version was made, None where there is no history."""
        return self.version.entry.time if self.version else None

    @property
    def deactivated(self) -> bool:
        """Whether the DID was given up; its document is then of historical interest only."""
        return self.version is not None and self.version.parameters.deactivated


DidMethod = Callable[[str, Fetching], Resolution]
"""``method(did, fetch)``: raises Malformed for a DID that is none of its own, EvidenceUnusable, Unsupported."""
