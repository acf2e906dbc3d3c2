"""Finding the document of a DID and the key that a proof names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from testamur.did.document import DidDocument
from testamur.did.jwk import resolve_jwk
from testamur.did.jwt_vc_issuer import resolve_issuer
from testamur.did.key import resolve_key
from testamur.did.resolution import DidMethod, Resolution
from testamur.did.syntax import (
    INVALID_METHOD,
    INVALID_RELATIONSHIP,
    METHOD_NOT_SUPPORTED,
    check_did,
    did_method,
    split_method_url,
)
from testamur.did.web import resolve_web
from testamur.did.webvh.address import same_history
from testamur.did.webvh.finding import method_then
from testamur.did.webvh.resolving import at_version, resolve_webvh
from testamur.errors import EvidenceUnusable, KeyNotAuthorized, Malformed, TestamurError, Unsupported
from testamur.fetch import Fetching, Memory
from testamur.keys import VerificationMethod
from testamur.words import joined, say

METHODS: Mapping[str, DidMethod] = {
    "key": resolve_key,
    "jwk": resolve_jwk,
    "web": resolve_web,
    "webvh": resolve_webvh,
}

_ENTRIES = 500
_SECONDS = 120.0  # a failure too: five hundred diplomas of one unreachable school cause one wait
_NO_PINS: Mapping[str, DidDocument] = {}


class Resolver:
    """Resolves DIDs; ``pins`` are documents an operator vouches for, used where nothing can be fetched.

    ``offline`` looks at the pins first and holds no kept document to be the newest one.
    """

    def __init__(
        self,
        fetch: Fetching,
        methods: Mapping[str, DidMethod] = METHODS,
        pins: Mapping[str, DidDocument] = _NO_PINS,
        *,
        offline: bool = False,
    ) -> None:
        self._fetch = fetch
        self._methods = methods
        self._pins = pins
        self._offline = offline
        self._memory: Memory[Resolution | EvidenceUnusable] = Memory(_ENTRIES, _SECONDS, weigh=_weight)

    def resolve(
        self,
        did: str,
        *,
        version_id: str = "",
        version_number: int | None = None,
        version_time: datetime | None = None,
    ) -> Resolution:
        """Return the document, the newest one unless a version is asked for (DID Resolution §4).

        Raises Malformed for no DID, EvidenceUnusable (also where there is no such version), Unsupported
        (also where a version is asked for and the method keeps none).
        """
        found = self._memory.get(did, lambda: self._resolve_or_error(did))
        if isinstance(found, EvidenceUnusable):
            raise EvidenceUnusable(str(found), clause=found.clause, problem=found.problem)
        if not version_id and version_number is None and version_time is None:
            return found
        return at_version(found, version_id, version_number, version_time)

    def method(self, url: str, purpose: str, at: datetime | None) -> VerificationMethod:
        """Return the key that a proof made ``at`` names, allowed for its purpose then (CID §3.3).

        A key whose ``revoked`` is later than ``at`` comes back with it: its owner may back-date.
        """
        controller, _ = split_method_url(url)
        resolution = self.resolve(controller)
        method = self._find(resolution, url, purpose, at)
        if method.controller != controller:
            raise KeyNotAuthorized(
                say("{key} belongs to another controller", key=url[:80]),
                clause="CID §3.3",
                problem=INVALID_METHOD,
            )
        return _within_its_days(self._as_pinned(method), at)

    def other_names(self, did: str) -> tuple[str, ...]:
        """Return the names a did:webvh has had or has now beside this one; none where that cannot be told."""
        if not did.startswith("did:webvh:"):
            return ()
        try:
            history = self.resolve(did).history
        except TestamurError:
            return ()
        return tuple(name for name in history.names if name != did) if history else ()

    def _resolve_or_error(self, did: str) -> Resolution | EvidenceUnusable:
        pinned = self._pins.get(did)
        if pinned is not None and self._offline:
            return Resolution(pinned, "pinned", pinned.fetched)
        try:
            return self._method_of(did)(did, self._fetch)
        except (EvidenceUnusable, Unsupported) as error:
            if pinned is not None:
                return Resolution(pinned, "pinned", pinned.fetched)
            if isinstance(error, EvidenceUnusable):
                return error
            raise

    def _method_of(self, did: str) -> DidMethod:
        if did.startswith("https://"):
            return resolve_issuer
        name = did_method(check_did(did))
        if name not in self._methods:
            raise Unsupported(
                say("DIDs of the method {name} are not supported", name=f"{name!r:.40}"),
                clause="DID §7.1",
                problem=METHOD_NOT_SUPPORTED,
            )
        return self._methods[name]

    def _find(
        self, resolution: Resolution, url: str, purpose: str, at: datetime | None
    ) -> VerificationMethod:
        """Return the listed method; what an older document does not list may be newer than it."""
        try:
            return _listed(resolution, url, purpose, at)
        except KeyNotAuthorized as error:
            if self._may_be_outdated(resolution, at):
                raise EvidenceUnusable(_outdated(resolution, error)) from None
            raise
        except Malformed as error:
            if resolution.source == "derived":
                raise
            raise EvidenceUnusable(
                f"the key {url:.80} is not usable: {error}", problem=INVALID_METHOD
            ) from None

    def _may_be_outdated(self, resolution: Resolution, at: datetime | None) -> bool:
        """Whether a key used ``at`` may be newer than the document: a pin, or a copy of the site made before."""
        if resolution.source == "derived":
            return False
        is_copy = self._offline or resolution.source == "pinned"
        if at is None or resolution.at is None:
            return is_copy
        return at > resolution.at or (is_copy and at == resolution.at)

    def _as_pinned(self, method: VerificationMethod) -> VerificationMethod:
        """A key that the operator pinned as compromised stays so, whatever its website says.

        The names of one history have their keys in common.
        """
        told = [method.revoked]
        own = self._pins.get(method.controller)
        if own is not None and method.id in own.methods:
            told.append(own.method(method.id).revoked)
        if method.version:
            told += [key.revoked for key in self._pinned_elsewhere(method)]
        ends = [end for end in told if end is not None]
        return replace(method, revoked=min(ends)) if ends else method

    def _pinned_elsewhere(self, method: VerificationMethod) -> Iterator[VerificationMethod]:
        """The same key as it is pinned under another name of its history."""
        for name, pin in self._pins.items():
            if name != method.controller and same_history(name, method.controller):
                yield from (key for key in pin.readable_methods() if key.public_key == method.public_key)


def _weight(found: Resolution | EvidenceUnusable) -> int:
    """A long history takes the room of many documents."""
    history = found.history if isinstance(found, Resolution) else None
    return 1 + history.size // 16_000 if history else 1


def _listed(resolution: Resolution, url: str, purpose: str, at: datetime | None) -> VerificationMethod:
    """The method as the document lists it for a purpose; where there is a history, as it did ``at``."""
    if resolution.history is not None:
        return method_then(resolution.history, url, purpose, at)
    method = resolution.document.method(url)
    if url not in resolution.document.relationships.get(purpose, ()):
        raise KeyNotAuthorized(
            say("{key} may not be used for {purpose}", key=url[:80], purpose=f"{purpose!r:.40}"),
            clause="CID §3.3",
            problem=INVALID_RELATIONSHIP,
        )
    return method


def _outdated(resolution: Resolution, error: KeyNotAuthorized) -> str:
    if resolution.at:
        age = say("as known on {day}; it may have been added since", day=resolution.at)
        return joined(", ", (error.message, age))
    return joined("; ", (error.message, say("it may have been added since")))


def _within_its_days(method: VerificationMethod, at: datetime | None) -> VerificationMethod:
    """Raise KeyNotAuthorized unless the signing time lies before ``expires`` and ``revoked``."""
    ends = [moment for moment in (method.expires, method.revoked) if moment is not None]
    if not ends:
        return method
    if at is None:
        raise EvidenceUnusable(
            say(
                "{key} was in use until {day}, and the signature does not say when it was made",
                key=method.id[:80],
                day=min(ends),
            )
        )
    if at >= min(ends):
        raise KeyNotAuthorized(
            say(
                "{key} was in use until {day} and signed on {signed}",
                key=method.id[:80],
                day=min(ends),
                signed=at,
            ),
            clause="CID §3.3",
            problem=INVALID_METHOD,
        )
    return method
