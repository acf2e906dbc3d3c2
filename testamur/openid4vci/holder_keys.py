"""Keys of holders, and the signed texts that show who has them: small JWTs of several kinds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from testamur.did import jwk_did
from testamur.encoding import encode_base64url
from testamur.errors import Malformed, ProofInvalid
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import PrivateKey, PublicKey
from testamur.proofs import Jws, media_name, parse_jws, verify_jws
from testamur.times import from_epoch

MAX_TOKEN = 65_536
SKEW = timedelta(minutes=1)
ALGORITHMS = ("ES256", "ES384", "ES512", "EdDSA", "Ed25519", "ESP256", "ESP384")
"""The names a header may give; each verified under a key of its own kind only."""

_NAMES = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512", "Ed25519": "EdDSA"}


@dataclass(frozen=True, slots=True)
class HolderKey:
    """The key that a record is bound to, and the DID that names its holder in forms that know no bare keys."""

    public_key: PublicKey
    did: str

    @classmethod
    def of(cls, key: PublicKey, did: str = "") -> HolderKey:
        """A key under the DID it was shown with, else under its did:jwk."""
        return cls(key, did or jwk_did(key))


def sign_with(header: Json, claims: Json, key: PrivateKey) -> str:
    """A compact JWS under exactly this header and the ``alg`` of the key."""
    named = {"alg": _NAMES[key.algorithm], **header}
    signed = f"{encode_base64url(write_json(named).encode())}.{encode_base64url(write_json(claims).encode())}"
    return f"{signed}.{encode_base64url(key.sign(signed.encode()))}"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A small JWT that was taken apart; nothing is said of its truth yet."""

    jws: Jws
    claims: Json

    @property
    def header(self) -> Json:
        """Its header."""
        return self.jws.header

    def text(self, name: str) -> str:
        """A claim that must be a text if it is there."""
        value: Any = self.claims.get(name, "")
        if not isinstance(value, str) or len(value) > 4096:
            raise Malformed(name, "this claim must be a text", clause="RFC 7519 §4.1")
        return value

    def moment(self, name: str) -> datetime | None:
        """A claim that must be a time if it is there."""
        return from_epoch(self.claims[name], name) if name in self.claims else None

    def verify(self, key: PublicKey, algorithms: Collection[str] = ALGORITHMS) -> None:
        """Raise unless the signature is that of the key, under one of these names."""
        if self.jws.algorithm not in algorithms:
            raise ProofInvalid(f"alg {self.jws.algorithm!r:.40} is not one that is accepted")
        verify_jws(self.jws, key)


def take_apart(token: str, kind: str) -> Claimed:
    """A JWT of a kind (``typ``); raises Malformed."""
    if len(token) > MAX_TOKEN:
        raise Malformed("", "the token is too long")
    jws = parse_jws(token)
    if media_name(jws.header, "typ") != kind:
        raise Malformed("typ", f"it must be {kind}", clause="RFC 8725 §3.11")
    return Claimed(jws, parse_object(jws.payload, max_bytes=MAX_TOKEN, max_depth=12))


def key_in_header(header: Json) -> PublicKey:
    """The public key under ``jwk``; raises Malformed where it holds a private member."""
    return PublicKey.from_jwk(header.get("jwk"))


def check_age(claimed: Claimed, at: datetime, longest: timedelta, *, skew: timedelta = SKEW) -> None:
    """Raise ProofInvalid unless it was made within this time, and has not expired."""
    made, ends, begins = (claimed.moment(name) for name in ("iat", "exp", "nbf"))
    if made is None:
        raise Malformed("iat", "it does not say when it was made", clause="RFC 7519 §4.1.6")
    if not at - longest - skew <= made <= at + skew:
        raise ProofInvalid("it was made too long ago, or is of the future")
    if (ends is not None and at >= ends + skew) or (begins is not None and at < begins - skew):
        raise ProofInvalid("it is not valid at this time")
