"""The document a school publishes: every key it ever signed with, and the days of each."""

from __future__ import annotations

from collections.abc import Iterable

from testamur.did.key import CONTEXT
from testamur.did.web_address import did_web_url
from testamur.did.webvh.address import parallel_web
from testamur.did.webvh.entry import PLACEHOLDER
from testamur.errors import Malformed
from testamur.jsontext import Json
from testamur.keys import VerificationMethod
from testamur.times import write_instant

DIGESTS_SERVICE = "TestamurDigests"
TRUST_SERVICE = "TestamurTrust"


def web_document(
    did: str, entries: Iterable[VerificationMethod], *, digests: str = "", trust: str = ""
) -> Json:
    """Return a did:web or did:webvh document; retired and compromised keys stay in it, with the moment it happened.

    A key for ``use`` "status" asserts (lists) and does not authenticate. ``digests`` and ``trust`` are
    addresses named as services.
    """
    _check_place(did)
    methods = list(entries)
    if len({method.id for method in methods}) != len(methods):
        raise Malformed("verificationMethod", "two keys have the same id", clause="CID §2.2")
    document: Json = {
        "@context": [CONTEXT],
        "id": did,
        "verificationMethod": [_written(did, method) for method in methods],
        "assertionMethod": [method.id for method in methods],
        "authentication": [method.id for method in methods if not method.use],
    }
    services = [(DIGESTS_SERVICE, "digests", digests), (TRUST_SERVICE, "trust", trust)]
    listed = [_service(did, kind, name, url) for kind, name, url in services if url]
    return document | ({"service": listed} if listed else {})


def _check_place(did: str) -> None:
    """Raise Malformed for a DID no web host could serve; one that is not named yet is looked at as it will be."""
    did_web_url(parallel_web(did.replace(PLACEHOLDER, "Qm")) if did.startswith("did:webvh:") else did)


def _written(did: str, method: VerificationMethod) -> Json:
    if method.controller != did or not method.id.startswith(f"{did}#"):
        raise Malformed("verificationMethod", f"{method.id:.80} is no key of {did:.80}", clause="CID §2.2")
    written: Json = {
        "id": method.id,
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": method.public_key.multikey,
    }
    if method.expires is not None:
        written["expires"] = write_instant(method.expires)
    if method.revoked is not None:
        written["revoked"] = write_instant(method.revoked)
    return written | ({"use": method.use} if method.use else {})


def _service(did: str, kind: str, name: str, url: str) -> Json:
    return {"id": f"{did}#{name}", "type": kind, "serviceEndpoint": url}
