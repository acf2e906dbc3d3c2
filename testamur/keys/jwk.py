"""JSON Web Keys (RFC 7517, RFC 8037) of the algorithms that sign, both ways."""

from __future__ import annotations

from hashlib import sha256

from testamur.canonical import jcs
from testamur.encoding import decode_base64url, encode_base64url
from testamur.errors import Malformed, Unsupported
from testamur.jsontext import Json
from testamur.keys.ecdsa import P256, P384, P521
from testamur.keys.rsa import RSA

_CURVES = {curve.name: curve for curve in (P256, P384, P521)}
_PRIVATE = ("d", "priv", "p", "q", "dp", "dq", "qi", "oth", "k")
_MAX_MEMBER = 2048
JOSE_NAMES = {  # RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2
    "Ed25519": ("EdDSA", "Ed25519"),
    "P-256": ("ES256", "ESP256"),
    "P-384": ("ES384", "ESP384"),
    "P-521": ("ES512", "ESP512"),
    "RSA": ("RS256",),
    "ML-DSA-44": ("ML-DSA-44",),  # draft-ietf-cose-dilithium §3; no token is signed with it here
}


def write_jwk(algorithm: str, raw: bytes) -> Json:
    """The public JWK with its required members only."""
    if algorithm == "Ed25519":
        return {"kty": "OKP", "crv": "Ed25519", "x": encode_base64url(raw)}
    if algorithm == "RSA":
        modulus, exponent = RSA.numbers(raw)
        return {"kty": "RSA", "n": encode_base64url(modulus), "e": encode_base64url(exponent)}
    if algorithm == "ML-DSA-44":
        return {"kty": "AKP", "alg": algorithm, "pub": encode_base64url(raw)}
    if algorithm not in _CURVES:
        raise Unsupported(f"{algorithm} keys have no JWK form here")
    x, y = _CURVES[algorithm].coordinates(raw)
    return {"kty": "EC", "crv": algorithm, "x": encode_base64url(x), "y": encode_base64url(y)}


def thumbprint(jwk: Json) -> str:
    """The SHA-256 thumbprint of a JWK that has its required members only (RFC 7638 §3)."""
    return encode_base64url(sha256(jcs(jwk)).digest())


def read_public(jwk: object) -> tuple[str, bytes]:
    """Algorithm and key of a public JWK; raises Malformed when a private member is in it."""
    members = _members(jwk)
    if any(name in members for name in _PRIVATE):
        raise Malformed("publicKeyJwk", "a public key must not hold private members", clause="CID §2.2.3")
    return _read(members)


def read_secret(jwk: object) -> tuple[str, bytes, bytes]:
    """Algorithm, secret and public key of a private JWK; raises Malformed, Unsupported for RSA."""
    members = _members(jwk)
    if members.get("kty") == "RSA":
        raise Unsupported("RSA keys are only verified with")
    if members.get("kty") == "AKP":
        raise Unsupported("private JWKs of ML-DSA keys are not read")
    algorithm, raw = _read(members)
    return algorithm, _bytes(members, "d"), raw


def _members(jwk: object) -> Json:
    if not isinstance(jwk, dict):
        raise Malformed("publicKeyJwk", "a JWK is a JSON object", clause="RFC 7517 §4")
    return jwk


def _read(jwk: Json) -> tuple[str, bytes]:
    kty, crv = jwk.get("kty"), jwk.get("crv")
    if kty == "OKP" and crv == "Ed25519":
        algorithm, raw = "Ed25519", _bytes(jwk, "x")
    elif kty == "EC" and isinstance(crv, str) and crv in _CURVES:
        algorithm, raw = crv, _CURVES[crv].from_coordinates(_bytes(jwk, "x"), _bytes(jwk, "y"))
    elif kty == "RSA":
        algorithm, raw = "RSA", RSA.from_numbers(_number(jwk, "n"), _number(jwk, "e"))
    elif kty == "AKP" and crv is None and jwk.get("alg") == "ML-DSA-44":
        algorithm, raw = "ML-DSA-44", _bytes(jwk, "pub")
    else:
        raise Unsupported(f"JWKs with kty {kty!r:.40} and crv {crv!r:.40} are not supported for signatures")
    _check_use(jwk, algorithm)
    return algorithm, raw


def _check_use(jwk: Json, algorithm: str) -> None:
    if jwk.get("use", "sig") != "sig":
        raise Unsupported("the JWK is not for signatures", clause="RFC 7517 §4.2")
    operations = jwk.get("key_ops", ["verify"])
    if not isinstance(operations, list) or not {"sign", "verify"} & {str(each) for each in operations}:
        raise Unsupported("the JWK is not for signatures", clause="RFC 7517 §4.3")
    if jwk.get("alg", JOSE_NAMES[algorithm][0]) not in JOSE_NAMES[algorithm]:
        raise Unsupported(
            f"a {algorithm} key for alg {jwk['alg']!r:.40} is not supported", clause="RFC 7517 §4.4"
        )


def _bytes(jwk: Json, name: str) -> bytes:
    text = jwk.get(name)
    if not isinstance(text, str) or not 0 < len(text) <= _MAX_MEMBER:
        raise Malformed(name, "the JWK lacks this member as base64url text", clause="RFC 7518 §6")
    try:
        return decode_base64url(text)
    except Malformed:
        raise Malformed(name, "this member of the JWK is not base64url text", clause="RFC 7518 §6") from None


def _number(jwk: Json, name: str) -> bytes:
    number = _bytes(jwk, name)
    if number[:1] == b"\0":
        raise Malformed(name, "the number has a leading zero byte", clause="RFC 7518 §2")
    return number
