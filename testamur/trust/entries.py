"""One trusted issuer: its name, its limits and its keys with their days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from testamur.did import DIGESTS_SERVICE, DidDocument
from testamur.jsontext import Json
from testamur.keys import VerificationMethod
from testamur.times import write_instant


@dataclass(frozen=True, slots=True)
class TrustedMethod:
    """A pinned key and what it may be used for."""

    method: VerificationMethod
    purposes: tuple[str, ...] = ("assertionMethod",)

    @property
    def members(self) -> Json:
        """The key as a trust file has it; instants are datetimes."""
        method = self.method
        members: Json = {
            "id": method.id,
            "multikey": method.public_key.multikey,
            "purposes": list(self.purposes),
        }
        optional = {"use": method.use, "expires": method.expires, "revoked": method.revoked}
        return members | {name: value for name, value in optional.items() if value}


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """One ``issuer`` entry of a trust file (docs/trust-file.md)."""

    id: str
    name: str
    fetched: datetime | None = None
    url: str = ""
    digests: str = ""
    since: datetime | None = None  # ``from``
    until: datetime | None = None
    types: tuple[str, ...] = ()  # empty: whatever it issues
    methods: tuple[TrustedMethod, ...] = ()

    @property
    def members(self) -> Json:
        """The entry as a trust file has it, without what is absent; instants are datetimes."""
        members: Json = {"id": self.id, "name": self.name}
        optional = {
            "fetched": self.fetched,
            "url": self.url,
            "digests": self.digests,
            "from": self.since,
            "until": self.until,
            "types": list(self.types),
            "method": [method.members for method in self.methods],
        }
        return members | {name: value for name, value in optional.items() if value}

    @property
    def document(self) -> DidDocument:
        """The pinned keys as a DID document."""
        written: Json = {
            "id": self.id,
            "verificationMethod": [_written(self.id, pin) for pin in self.methods],
        }
        for pin in self.methods:
            for purpose in pin.purposes:
                written.setdefault(purpose, []).append(pin.method.id)
        return DidDocument.parse(written, fetched=self.fetched)

    @property
    def site(self) -> TrustedIssuer | None:
        """The same issuer under the address of its site, as tokens name it; None but for a did:web of a host."""
        host = self.id.removeprefix("did:web:")
        if not self.id.startswith("did:web:") or ":" in host or "%" in host:
            return None
        url = f"https://{host}"
        methods = [
            replace(
                pin, method=replace(pin.method, id=url + pin.method.id.removeprefix(self.id), controller=url)
            )
            for pin in self.methods
        ]
        return replace(self, id=url, methods=tuple(methods))

    def covers(self, types: tuple[str, ...], at: datetime | None) -> bool:
        """Whether the entry speaks for records of these types made at this time.

        A limit that cannot be held against anything (a time is not known) is not met.
        """
        if self.types and not set(self.types) & set(types):
            return False
        if at is None:
            return self.since is None and self.until is None
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


def _written(controller: str, pin: TrustedMethod) -> Json:
    method = pin.method
    written: Json = {
        "id": method.id,
        "type": "Multikey",
        "controller": controller,
        "publicKeyMultibase": method.public_key.multikey,
    }
    for name, moment in (("expires", method.expires), ("revoked", method.revoked)):
        if moment is not None:
            written[name] = write_instant(moment)
    return written | ({"use": method.use} if method.use else {})


def entry_from_document(document: DidDocument, name: str, at: datetime) -> TrustedIssuer:
    """Return the entry that pins what a DID document says today; keys that cannot be read are left out."""
    readable = (method for method in document.readable_methods() if method.public_key.algorithm != "RSA")
    pinned = tuple(
        TrustedMethod(method, document.purposes(method.id))
        for method in readable
        if method.controller == document.id and document.purposes(method.id)
    )
    return TrustedIssuer(
        document.id, name, fetched=at, digests=document.service_endpoint(DIGESTS_SERVICE), methods=pinned
    )
