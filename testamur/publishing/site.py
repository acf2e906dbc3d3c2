"""The site of a school: its name and addresses, and the keys it lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from testamur.did import did_web_url, parallel_web, web_document
from testamur.jsontext import Json
from testamur.keys import PublicKey, VerificationMethod
from testamur.store import KeyEntry

GOOD_FOR = timedelta(days=90)
"""How long lists, notices and digests are good."""

WARN_BEFORE = timedelta(days=30)
"""With less than this left, somebody should publish."""

DIGESTS_URL = "digests.jwt"
TRUST_URL = "trust.json"


@dataclass(frozen=True, slots=True)
class Site:
    """Where a school's public folder is served, and who it is."""

    name: str
    url: str  # without a slash at the end
    did: str
    paper_host: str
    log: bytes = b""  # of a did:webvh, as far as it is written
    witness_proofs: bytes = b""
    token_lists: tuple[str, ...] = ()  # "jwt", "cwt": the forms of Token Status Lists that are published too
    formerly: tuple[tuple[str, str], ...] = ()  # DID and address before each move of a did:webvh
    organisation: str = ""  # what the ledger calls the school, where that is another name than ``did``

    @property
    def ledger_name(self) -> str:
        """What the ledger calls the school."""
        return self.organisation or self.did

    @property
    def former_sites(self) -> tuple[Site, ...]:
        """The site as it was named before each move: diplomas that are out name it so."""
        return tuple(
            replace(self, did=did, url=url, formerly=(), organisation=self.ledger_name)
            for did, url in self.formerly
        )

    def at(self, path: str) -> str:
        """The address of a file of the folder."""
        return f"{self.url}/{path}"

    @property
    def did_path(self) -> str:
        """Where did.json lies in the folder; "" for a did:key, and where the DID names another place."""
        if self.did.startswith("did:key:"):
            return ""
        address = did_web_url(parallel_web(self.did) if self.has_history else self.did)
        return address.removeprefix(self.url + "/") if address.startswith(self.url + "/") else ""

    @property
    def has_history(self) -> bool:
        """Whether the school is named by a did:webvh."""
        return self.did.startswith("did:webvh:")

    @property
    def names_itself(self) -> bool:
        """Whether the DID is that of the site's root, so that the site's address names the school as well."""
        return self.did == f"did:web:{self.url.removeprefix('https://')}"

    def methods(self, entries: Iterable[KeyEntry]) -> list[VerificationMethod]:
        """The keys of the ledger as the DID document lists them."""
        return [
            VerificationMethod(
                id=f"{self.did}#{entry.id}",
                controller=self.did,
                public_key=PublicKey.from_multikey(entry.multikey),
                expires=entry.expires,
                revoked=entry.revoked,
                use="status" if entry.use == "status" else "",
            )
            for entry in entries
        ]

    def document(self, entries: Iterable[KeyEntry]) -> Json:
        """The DID document of a did:web or did:webvh, with every key the school ever listed."""
        document = web_document(
            self.did, self.methods(entries), digests=self.at(DIGESTS_URL), trust=self.at(TRUST_URL)
        )
        return document | ({"alsoKnownAs": [parallel_web(self.did)]} if self.has_history else {})
