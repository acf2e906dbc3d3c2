"""The key that a history had at a moment, whatever name the document had then (did:webvh, Portability)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from testamur.did.document import DidDocument
from testamur.did.syntax import INVALID_METHOD, INVALID_RELATIONSHIP
from testamur.did.webvh.history import History, Version
from testamur.errors import KeyNotAuthorized
from testamur.keys import VerificationMethod


def method_then(history: History, url: str, purpose: str, at: datetime | None) -> VerificationMethod:
    """Return the key a proof made ``at`` names: as the version in force then lists it, else the newest.

    What later versions say of the same key (``expires``, ``revoked``) holds for it too. Raises
    KeyNotAuthorized where neither lists it for the purpose, and after the DID was deactivated.
    """
    newest = history.newest
    if newest.parameters.deactivated and (at is None or at >= newest.entry.time):
        raise KeyNotAuthorized(
            f"{newest.entry.did:.120} was deactivated on {newest.entry.time:%Y-%m-%d}", problem=INVALID_METHOD
        )
    then = history.in_force(at) if at is not None else None
    try:
        return _method_in(history, then or newest, url, purpose)
    except KeyNotAuthorized:
        if then is None or then is newest:
            raise
    return _method_in(history, newest, url, purpose)


def _method_in(history: History, version: Version, url: str, purpose: str) -> VerificationMethod:
    asked, _, fragment = url.partition("#")
    document = DidDocument.parse(version.entry.state)
    name = f"{document.id}#{fragment}" if asked in history.names else url
    method = document.method(name)
    if name not in document.relationships.get(purpose, ()):
        raise KeyNotAuthorized(
            f"{url:.120} may not be used for {purpose!r:.40}", clause="CID §3.3", problem=INVALID_RELATIONSHIP
        )
    method = _with_ends(history, method)
    controller = asked if method.controller in history.names else method.controller
    return replace(method, id=url, controller=controller, version=version.entry.version_id)


def _with_ends(history: History, method: VerificationMethod) -> VerificationMethod:
    """The key with the end that the last version listing it gives; once reported, it stays compromised."""
    ends = history.ends.get(method.public_key)
    return replace(method, expires=ends.expires, revoked=ends.revoked) if ends else method
