"""What the room of proofs hands out: a secured document, what opening it showed, and two functions it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from testamur.errors import TestamurError
from testamur.jsontext import Json, compact_bytes, parse_object
from testamur.keys import Signer, VerificationMethod
from testamur.proofs.jws import Jws, parse_jws

PRESENTATIONS = frozenset(("ldp_vp", "vp+jwt", "vp+sd-jwt", "vp+cose", "jwt_vp_json"))
"""The formats that are a holder's presentation."""

Path = tuple[str | int, ...]
"""Where a value stands; an entry of a list is counted among all entries, also those that are kept back."""

FindKey = Callable[[str, str, datetime | None], VerificationMethod]
"""``find_key(url, purpose, signed_at)``: the method, or KeyNotAuthorized, EvidenceUnusable, Unsupported."""


@dataclass(frozen=True, slots=True)
class SecuredDocument:
    """A credential or presentation with its proof, exactly as received or made."""

    text: str  # COSE, which is bytes, as base64
    media_type: str  # "application/vc", "application/vc+jwt", …
    format: str  # a key of FORMATS: "ldp_vc", "vc+jwt", "ob_jwt", "jwt_vc_json", …
    claims: Json  # decoded, not yet believed; do not change it
    read_from: str = field(
        default="", repr=False, compare=False
    )  # the text that claims and jws are known to be
    jws: Jws | None = field(default=None, repr=False, compare=False)

    @property
    def parsed(self) -> Json:
        """What the text says, where it is JSON: the claims if they were read from it, else it is read again."""
        return self.claims if self.read_from == self.text else parse_object(self.text)

    @property
    def token(self) -> Jws:
        """The parts of the text, where it is a token; its payload is not read, since claims are the caller's."""
        return self.jws if self.jws is not None and self.read_from == self.text else parse_jws(self.text)

    @property
    def payload(self) -> Json:
        """What the payload of a token says: the claims if they are what it says letter by letter, else it is read."""
        payload = self.token.payload
        is_known = self.read_from == self.text and compact_bytes(self.claims) == payload
        return self.claims if is_known else parse_object(payload)

    @property
    def is_presentation(self) -> bool:
        """Whether this is a presentation (``ldp_vp``, ``vp+jwt``, …) and not a credential."""
        return self.format in PRESENTATIONS


@dataclass(frozen=True, slots=True)
class Signature:
    """One proof or JWS signature of a document, and whether it holds."""

    verification_method: str  # DID URL, as named in the proof or the header; "" where none is named
    algorithm: str  # cryptosuite ("eddsa-rdfc-2022") or JOSE alg ("EdDSA")
    purpose: str  # "assertionMethod", "authentication", …
    created: datetime | None = None  # ``created`` or ``iat``; not the fallback to validFrom
    expires: datetime | None = None  # of the proof, or JWT ``exp``
    domain: tuple[str, ...] = ()
    challenge: str = ""
    method: VerificationMethod | None = None  # the key that was found, if it was
    is_selective: bool = False  # it holds where its holder left members out
    always_shown: frozenset[str] = frozenset()  # then: properties that no copy of the record lacks
    error: TestamurError | None = None  # None: the signature holds

    @property
    def holds(self) -> bool:
        """Whether the signature was checked and is good."""
        return self.error is None and self.method is not None

    @property
    def is_of_statements(self) -> bool:
        """Whether the JSON-LD statements of a document are signed, and not its text: what stands where is open then."""
        return self.is_selective or "rdfc" in self.algorithm or self.algorithm.startswith("Ed25519Signature")


@dataclass(frozen=True, slots=True)
class Opened:
    """What a document says once every proof on it was looked at; believe ``claims`` only if a signature holds."""

    claims: Json  # without ``proof``; JWT dialects already put back into credential members
    signatures: tuple[Signature, ...]  # in document order; empty: it carries no proof at all
    binding: Signature | None = None  # the holder's, which an SD-JWT may carry beside the issuer's
    disclosed: tuple[Path, ...] = ()  # where an SD-JWT shows what its holder could have kept back
    kept_back: tuple[Path, ...] = ()  # where its holder may have kept something back


class Format(Protocol):
    """One way to secure a credential or presentation."""

    @property
    def name(self) -> str:
        """Its key in FORMATS."""
        ...

    def secure(self, text: str, signer: Signer, *, at: datetime) -> SecuredDocument:
        """The document signed; the text given is the unsecured JSON."""
        ...

    def open(self, document: SecuredDocument, find_key: FindKey) -> Opened:
        """Every proof looked at; a proof that does not hold is in its Signature, not raised."""
        ...
