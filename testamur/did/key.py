"""did:key: the document is made from the key in the DID."""

from __future__ import annotations

from testamur.did.document import DidDocument
from testamur.did.resolution import Resolution
from testamur.did.syntax import INVALID_DID
from testamur.errors import Malformed, Unsupported
from testamur.fetch import Fetching
from testamur.jsontext import Json
from testamur.keys import PublicKey

CONTEXT = "https://www.w3.org/ns/did/v1.1"
SIGNING = ("authentication", "assertionMethod", "capabilityDelegation", "capabilityInvocation")


def resolve_key(did: str, fetch: Fetching) -> Resolution:
    """Return the document of a did:key of a signing key; nothing is fetched (did:key §3.1)."""
    multikey = _body(did)
    try:
        PublicKey.from_multikey(multikey)
    except Malformed as error:
        raise Malformed(
            "", f"{did:.80} holds no key: {error}", clause="did:key §3.1", problem=INVALID_DID
        ) from None
    return Resolution(DidDocument.parse(_document(did, multikey)), "derived")


def _body(did: str) -> str:
    """Return the multibase part; a version segment before it may only be 1 or 1.1 (did:key §2)."""
    version, _, multikey = did.removeprefix("did:key:").rpartition(":")
    if version not in ("", "1", "1.1"):
        raise Unsupported(f"version {version!r:.20} of did:key is not supported", clause="did:key §2")
    return multikey


def _document(did: str, multikey: str) -> Json:
    url = f"{did}#{multikey}"
    method = {"id": url, "type": "Multikey", "controller": did, "publicKeyMultibase": multikey}
    return {"@context": [CONTEXT], "id": did, "verificationMethod": [method]} | {
        name: [url] for name in SIGNING
    }
