"""Compact JSON Web Signatures (RFC 7515), read strictly; keys are never taken from where a header points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from testamur.encoding import decode_base64url, encode_base64url
from testamur.errors import KeyNotAuthorized, Malformed, ProofInvalid, Unsupported
from testamur.jsontext import MAX_BYTES, Json, parse_object, write_json
from testamur.keys import PublicKey, Signer

ALGORITHMS: dict[str, str] = {  # RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2
    "EdDSA": "Ed25519",
    "Ed25519": "Ed25519",
    "ES256": "P-256",
    "ESP256": "P-256",
    "ES384": "P-384",
    "ESP384": "P-384",
    "ES512": "P-521",
    "ESP512": "P-521",
}
"""The names a header may give, and the kind of key each needs."""

_WRITTEN = {"Ed25519": "EdDSA", "P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
_NEVER = ("none", "HS256", "HS384", "HS512")  # no signature at all, or one that anybody who checks could make
_MAX_HEADER = 16_384


@dataclass(frozen=True, slots=True)
class Jws:
    """A compact JWS in its parts; nothing is said of its truth."""

    header: Json
    payload: bytes
    signature: bytes
    signed: bytes  # the ASCII bytes that the signature covers

    @property
    def algorithm(self) -> str:
        """``alg`` as the header has it, "" where it is no text."""
        name = self.header.get("alg")
        return name if isinstance(name, str) else ""

    @property
    def key_id(self) -> str:
        """``kid`` as the header has it, "" where it is no text."""
        name = self.header.get("kid")
        return name if isinstance(name, str) else ""


def parse_jws(token: str) -> Jws:
    """The three parts of a token in canonical base64url, with a JSON header; raises Malformed."""
    if len(token) > MAX_BYTES or token.count(".") != 2:
        raise Malformed("", "a compact JWS is three short parts with dots between", clause="RFC 7515 §7.1")
    header, payload, signature = token.split(".")
    if len(header) > _MAX_HEADER:
        raise Malformed("", "the JWS header is too long")
    return Jws(
        parse_object(decode_base64url(header), max_bytes=_MAX_HEADER, max_depth=8),
        decode_base64url(payload),
        decode_base64url(signature),
        f"{header}.{payload}".encode("ascii"),
    )


def sign_jws(header: Json, payload: bytes, signer: Signer) -> str:
    """The compact JWS of a payload; ``alg`` and ``kid`` are put before the header's other members."""
    return sign_under(protected_header(header, signer), payload, signer)


def protected_header(header: Json, signer: Signer) -> str:
    """The first part of a token: the header with ``alg`` and ``kid`` of the signer's key, in base64url."""
    algorithm = signer.public_key.algorithm
    if algorithm not in _WRITTEN:
        raise Unsupported(f"{algorithm} keys do not sign a JWS here")
    full = {"alg": _WRITTEN[algorithm], "kid": signer.verification_method} | header
    return encode_base64url(write_json(full).encode())


def sign_under(protected: str, payload: bytes, signer: Signer) -> str:
    """The compact JWS of a payload under a protected header of this signer's."""
    signed = f"{protected}.{encode_base64url(payload)}"
    return f"{signed}.{encode_base64url(signer.sign(signed.encode('ascii')))}"


def check_header(jws: Jws, algorithms: Mapping[str, str] = ALGORITHMS) -> None:
    """Raise unless ``alg`` is one of these and nothing in the header changes how the JWS is read."""
    for name in ("crit", "b64"):
        if name in jws.header:
            raise ProofInvalid(
                f"the header asks for {name}, which is not accepted", clause="RFC 7515 §4.1.11"
            )
    if jws.algorithm in _NEVER or not jws.algorithm:
        raise ProofInvalid(f"alg {jws.header.get('alg')!r:.40} is never accepted", clause="RFC 8725 §3.1")
    if jws.algorithm not in algorithms:
        raise Unsupported(f"alg {jws.algorithm!r:.40} is not supported here")


def verify_jws(jws: Jws, key: PublicKey, algorithms: Mapping[str, str] = ALGORITHMS) -> None:
    """Return if the signature holds under a key of the kind that ``alg`` names, else raise."""
    check_header(jws, algorithms)
    if key.algorithm != algorithms[jws.algorithm]:
        raise KeyNotAuthorized(
            f"alg {jws.algorithm} does not take a {key.algorithm} key", clause="RFC 8725 §3.1"
        )
    key.verify(jws.signature, jws.signed)
