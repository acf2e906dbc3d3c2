"""A DID document: the keys of a controller, and what each may be used for (CID §2, DID §5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from testamur.did.methods import read_method
from testamur.did.syntax import INVALID_DOCUMENT, INVALID_METHOD, is_controller
from testamur.errors import KeyNotAuthorized, Malformed, TestamurError
from testamur.jsontext import Json, parse_object
from testamur.keys import VerificationMethod
from testamur.words import say

RELATIONSHIPS = (
    "assertionMethod",
    "authentication",
    "keyAgreement",
    "capabilityInvocation",
    "capabilityDelegation",
)
MAX_DOCUMENT = 1_000_000
_MAX_METHODS = 1000
_MAX_SERVICES = 200


@dataclass(frozen=True, slots=True)
class DidDocument:
    """A controlled identifier document as received; one key we cannot read does not spoil the others."""

    id: str
    document: Json  # unknown members kept; do not change it
    methods: Mapping[str, Json]  # by absolute id, as written
    relationships: Mapping[str, frozenset[str]]  # "assertionMethod": the absolute ids listed there
    fetched: datetime | None = None  # None: it was made from the DID itself
    _read: dict[str, VerificationMethod] = field(init=False, default_factory=dict, repr=False, compare=False)

    @classmethod
    def parse(cls, source: str | bytes | Json, *, fetched: datetime | None = None) -> DidDocument:
        """Return the document of a JSON text or object; raises Malformed."""
        value = source if isinstance(source, dict) else parse_object(source, max_bytes=MAX_DOCUMENT)
        identifier = value.get("id")
        if not isinstance(identifier, str) or not is_controller(identifier):
            raise _broken("id", f"{identifier!r:.80} is not a DID")
        methods: dict[str, Json] = {}
        for place, item in enumerate(_items(value, "verificationMethod", _MAX_METHODS)):
            _add(methods, identifier, item, f"verificationMethod[{place}]")
        listed = {name: _relationship(methods, identifier, value, name) for name in RELATIONSHIPS}
        _items(value, "service", _MAX_SERVICES)
        return cls(identifier, value, MappingProxyType(methods), MappingProxyType(listed), fetched)

    def method(self, url: str) -> VerificationMethod:
        """Return the method with this absolute id; raises KeyNotAuthorized, Malformed, Unsupported."""
        written = self.methods.get(url)
        if written is None:
            raise KeyNotAuthorized(
                say("{did} has no key {key}", did=self.id, key=f"{url.removeprefix(self.id)!r:.80}"),
                clause="CID §3.3",
                problem=INVALID_METHOD,
            )
        if url not in self._read:
            self._read[url] = read_method(url, written)
        return self._read[url]

    def readable_methods(self) -> tuple[VerificationMethod, ...]:
        """Return every method whose key can be read here, in document order."""
        found = []
        for url, written in self.methods.items():
            method = read_or_none(url, written)
            if method is not None:
                found.append(method)
        return tuple(found)

    def purposes(self, url: str) -> tuple[str, ...]:
        """Return the relationships that list a method."""
        return tuple(name for name in RELATIONSHIPS if url in self.relationships[name])

    def service_endpoint(self, kind: str) -> str:
        """Return the address of the first service of a type, "" where there is none."""
        for service in _items(self.document, "service", _MAX_SERVICES):
            kinds = service.get("type") if isinstance(service, dict) else None
            endpoint = service.get("serviceEndpoint") if isinstance(service, dict) else None
            if kind in (kinds if isinstance(kinds, list) else [kinds]) and isinstance(endpoint, str):
                return endpoint
        return ""


def read_or_none(url: str, written: Json) -> VerificationMethod | None:
    """Return the method of a JSON object, None where its key cannot be read here."""
    try:
        return read_method(url, written)
    except TestamurError:
        return None


def _relationship(methods: dict[str, Json], identifier: str, value: Json, name: str) -> frozenset[str]:
    """Return the ids a relationship lists; a method embedded there is good for this relationship only."""
    listed = set()
    for place, item in enumerate(_items(value, name, _MAX_METHODS)):
        path = f"{name}[{place}]"
        listed.add(
            _absolute(identifier, item, path)
            if isinstance(item, str)
            else _add(methods, identifier, item, path)
        )
    return frozenset(listed)


def _add(methods: dict[str, Json], identifier: str, item: Any, path: str) -> str:
    if not isinstance(item, dict):
        raise _broken(path, "a verification method must be an object")
    url = _absolute(identifier, item.get("id"), f"{path}.id")
    if methods.setdefault(url, item) != item:
        raise _broken(path, f"two different keys have the id {url!r:.80}")
    return url


def _absolute(identifier: str, text: Any, path: str) -> str:
    """Resolve the id of a method against the document's (DID §3.2.2)."""
    if not isinstance(text, str) or not text:
        raise _broken(path, f"{text!r:.80} is not an id")
    return identifier + text if text.startswith("#") else text


def _items(value: Json, name: str, limit: int) -> list[Any]:
    items = value.get(name, [])
    if not isinstance(items, list):
        raise _broken(name, "this must be a list")
    if len(items) > limit:
        raise _broken(name, f"{len(items)} entries are more than {limit}")
    return items


def _broken(path: str, message: str) -> Malformed:
    return Malformed(path, message, clause="CID §2", problem=INVALID_DOCUMENT)
