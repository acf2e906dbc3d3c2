"""A trust file: the issuers somebody looked at and wrote down."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from testamur.did import DidDocument, did_web_from_url
from testamur.errors import Malformed, Unsupported
from testamur.trust.authorities import TrustedAuthority
from testamur.trust.entries import TrustedIssuer
from testamur.trust.reading import READERS
from testamur.trust.vouching import TrustSource, Vouch


@dataclass(frozen=True, slots=True)
class PinnedTrust:
    """The issuers of one trust file."""

    issuers: Mapping[str, TrustedIssuer]
    label: str = "the trust file"
    certified: tuple[TrustedAuthority, ...] = ()

    @classmethod
    def of(cls, issuers: Sequence[TrustedIssuer], label: str = "the trust file") -> PinnedTrust:
        """Return a source that vouches for these issuers."""
        return cls({issuer.id: issuer for issuer in issuers}, label)

    @classmethod
    def load(
        cls, text: str, media: str = "application/toml", *, label: str = "the trust file"
    ) -> PinnedTrust:
        """Return the source of a trust file's text; raises Malformed, Unsupported for another media type."""
        if media not in READERS:
            raise Unsupported(f"trust files of the type {media!r:.60} are not supported")
        found = READERS[media](text)
        return replace(cls.of(found.issuers, label), certified=found.authorities)

    def vouch(self, issuer: str, *, types: Sequence[str] = (), at: datetime | None = None) -> Vouch | None:
        """Return the vouch for records of these types made at this time; None: not vouched for."""
        entry = self._entry(issuer)
        if entry is None or not entry.covers(tuple(types), at):
            return None
        return Vouch(
            issuer=issuer,
            name=entry.name,
            source=self.label,
            since=entry.since,
            until=entry.until,
            fetched=entry.fetched,
            url=entry.url,
            digests=entry.digests,
        )

    def authorities(self) -> tuple[TrustedAuthority, ...]:
        """Return the certificate authorities of the file."""
        return self.certified

    def _entry(self, issuer: str) -> TrustedIssuer | None:
        """The entry of an issuer; one named by the address of its site has the entry of that site's did:web."""
        if issuer.startswith("https://") and issuer not in self.issuers:
            try:
                issuer = did_web_from_url(issuer)
            except Malformed:
                return None
        return self.issuers.get(issuer)

    def pins(self) -> dict[str, DidDocument]:
        """Return the documents of the issuers whose keys are in the file."""
        entries = [entry for entry in self.issuers.values() if entry.methods]
        sites = {entry.site.id: entry.site.document for entry in entries if entry.site is not None}
        return sites | {entry.id: entry.document for entry in entries}


def _load_toml(text: str, label: str) -> TrustSource:
    return PinnedTrust.load(text, "application/toml", label=label)


def _load_json(text: str, label: str) -> TrustSource:
    return PinnedTrust.load(text, "application/json", label=label)


TRUST_SOURCES: Mapping[str, Callable[[str, str], TrustSource]] = {".toml": _load_toml, ".json": _load_json}
"""``TRUST_SOURCES[suffix](text, label)``: a trust source by the suffix of its file."""
