"""COSE_Sign1 (RFC 9052 §4.2), read as the same value as a JWS: header, payload, signature, signed bytes.

The integers of COSE are given their names in JOSE, so that one set of rules reads both.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from testamur.cbor import parse_cbor, tagged, write_cbor
from testamur.errors import Malformed, Unsupported
from testamur.jsontext import MAX_BYTES, Json
from testamur.keys import Signer
from testamur.proofs.jws import Jws

ALGORITHMS: dict[int, str] = {  # RFC 9053 §2, RFC 9864 §3
    -7: "ES256",
    -9: "ESP256",
    -8: "EdDSA",
    -19: "Ed25519",
    -35: "ES384",
    -51: "ESP384",
    -36: "ES512",
    -52: "ESP512",
}
_WRITTEN = {"Ed25519": -8, "P-256": -7, "P-384": -35, "P-521": -36}
_ALG, _CRIT, _CONTENT_TYPE, _KID, _CWT_CLAIMS, _TYP = 1, 2, 3, 4, 15, 16
_SIGN1 = 18
_CLAIMS = {
    1: "iss",
    2: "sub",
    3: "aud",
    4: "exp",
    5: "nbf",
    6: "iat",
    7: "jti",
    10: "nonce",
}  # RFC 8392, RFC 9711
_NUMBERS = {name: number for number, name in _CLAIMS.items()}


def parse_cose(raw: bytes) -> tuple[Jws, Json]:
    """The parts of a COSE_Sign1 and the CWT claims in its protected header (RFC 9597); raises Malformed.

    A ``kid`` outside the protected header is taken for what it is, the name of a key to try.
    """
    value = parse_cbor(raw, tags=(_SIGN1,))
    parts = getattr(value, "value", value)
    kinds = (bytes, Mapping, bytes, bytes)
    if not isinstance(parts, list | tuple) or len(parts) != 4 or not all(map(isinstance, parts, kinds)):
        raise Malformed("", "a COSE_Sign1 is four parts: bytes, a map, bytes, bytes", clause="RFC 9052 §4.2")
    protected, unprotected, payload, signature = parts
    members = parse_cbor(protected) if protected else {}
    if not isinstance(members, Mapping):
        raise Malformed("", "the protected header is no map", clause="RFC 9052 §3")
    header = _header(members)
    if "kid" not in header and isinstance(unprotected.get(_KID), bytes):
        header["kid"] = _text(unprotected[_KID])
    signed = write_cbor(["Signature1", protected, b"", payload])
    return Jws(header, payload, signature, signed), _claims(members.get(_CWT_CLAIMS, {}))


def sign_cose(typ: str, content_type: str, claims: Json, payload: bytes, signer: Signer) -> bytes:
    """A tagged COSE_Sign1 with everything in its protected header, ``claims`` as CWT claims."""
    algorithm = signer.public_key.algorithm
    if algorithm not in _WRITTEN:
        raise Unsupported(f"{algorithm} keys do not sign a COSE_Sign1 here")
    header: dict[int, Any] = {_ALG: _WRITTEN[algorithm]}
    header |= {_CONTENT_TYPE: content_type} if content_type else {}
    header |= {
        _KID: signer.verification_method.encode(),
        _TYP: typ,
    }
    if claims:
        header[_CWT_CLAIMS] = {_NUMBERS[name]: value for name, value in claims.items()}
    protected = write_cbor(header)
    signature = signer.sign(write_cbor(["Signature1", protected, b"", payload]))
    return write_cbor(tagged(_SIGN1, [protected, {}, payload, signature]))


def read_base64(text: str) -> bytes:
    """The bytes of standard base64 with or without its padding, written canonically; raises Malformed."""
    if len(text) > MAX_BYTES:
        raise Malformed("", f"it is longer than {MAX_BYTES} bytes")
    bare = text.rstrip("=")
    try:
        raw = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("", "this is not base64 text", clause="RFC 4648 §4") from None
    if text not in (bare, write_base64(raw)) or write_base64(raw).rstrip("=") != bare:
        raise Malformed("", "this is not canonical base64 text", clause="RFC 4648 §3.5")
    return raw


def write_base64(raw: bytes) -> str:
    """Standard base64 with its padding, as a ``data:`` URL has it."""
    return base64.b64encode(raw).decode("ascii")


def _header(members: Mapping[Any, Any]) -> Json:
    header: Json = {}
    if _ALG in members:
        header["alg"] = _algorithm(members[_ALG])
    if _CRIT in members:
        header["crit"] = True
    for number, name in ((_CONTENT_TYPE, "cty"), (_TYP, "typ")):
        if number in members:
            header[name] = members[number]
    if _KID in members:
        header["kid"] = _text(members[_KID])
    return header


def _algorithm(value: Any) -> str:
    """Its name in JOSE; a number that is not known keeps its number, and is refused as such."""
    if isinstance(value, int) and not isinstance(value, bool):
        return ALGORITHMS.get(value, f"COSE {value}"[:40])
    raise Malformed("alg", "this header parameter must be a number", clause="RFC 9052 §3.1")


def _text(value: Any) -> str:
    if not isinstance(value, bytes):
        raise Malformed("kid", "this header parameter must be bytes", clause="RFC 9052 §3.1")
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("kid", "it is no UTF-8 text") from None


def _claims(members: Any) -> Json:
    if not isinstance(members, Mapping):
        raise Malformed("", "the CWT claims of a header are a map", clause="RFC 9597 §2")
    return {_CLAIMS[number]: value for number, value in members.items() if number in _CLAIMS}
