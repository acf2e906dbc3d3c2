"""Multikey text: a two-byte prefix and the key, in base58btc after ``z`` or base64url after ``u`` (CID §2.2.2)."""

from __future__ import annotations

from testamur.encoding import decode_multibase, encode_multibase
from testamur.errors import Malformed, Unsupported

# algorithm: (prefix of the public key, prefix of the secret key)
_PREFIXES: dict[str, tuple[bytes, bytes | None]] = {
    "Ed25519": (b"\xed\x01", b"\x80\x26"),
    "P-256": (b"\x80\x24", b"\x86\x26"),
    "P-384": (b"\x81\x24", b"\x87\x26"),
    "P-521": (b"\x82\x24", b"\x88\x26"),  # did:key only, not in CID
    "BLS12-381": (b"\xeb\x01", b"\x80\x30"),  # points of G2
    "ML-DSA-44": (b"\x90\x24", None),  # DI Quantum-Safe §2.1; its secret is a seed and stays in its file
}
_KNOWN_OTHERS = {
    b"\x86\x24": "SM2",
    b"\xec\x01": "X25519",
    b"\xe7\x01": "secp256k1",
}
_BASE64URL = ("ML-DSA-44",)  # long keys; the others are base58btc
_MAX_TEXT = {"z": 256, "u": 2048}


def write_public(algorithm: str, raw: bytes) -> str:
    """The ``publicKeyMultibase`` of a key; raises Unsupported for RSA, which has none."""
    if algorithm not in _PREFIXES:
        raise Unsupported(f"{algorithm} keys have no Multikey form", clause="CID §2.2.2")
    return encode_multibase(_PREFIXES[algorithm][0] + raw, _base(algorithm))


def read_public(text: object) -> tuple[str, bytes]:
    """Algorithm and key of a ``publicKeyMultibase``; raises Malformed or Unsupported."""
    return _read(text, 0, "publicKeyMultibase")


def read_secret(text: object) -> tuple[str, bytes]:
    """Algorithm and secret of a ``secretKeyMultibase``; the older 64 bytes of Ed25519 (seed, public key) too."""
    algorithm, secret = _read(text, 1, "secretKeyMultibase")
    if algorithm == "Ed25519" and len(secret) == 64:
        secret = secret[:32]
    return algorithm, secret


def _read(text: object, side: int, path: str) -> tuple[str, bytes]:
    if not isinstance(text, str) or len(text) > _MAX_TEXT.get(text[:1], 0):
        raise Malformed(path, "this is not a Multikey, which begins with z or u", clause="CID §2.2.2")
    data = decode_multibase(text)
    for algorithm, prefixes in _PREFIXES.items():
        if data[:2] == prefixes[side]:
            if text[0] != _base(algorithm):
                raise Malformed(path, f"a Multikey of {algorithm} begins with {_base(algorithm)}")
            return algorithm, data[2:]
    kind = _KNOWN_OTHERS.get(data[:2], f"the prefix {data[:2].hex()}" if side == 0 else "this prefix")
    raise Unsupported(f"Multikeys of {kind} are not supported for signatures", clause="CID §2.2.2")


def _base(algorithm: str) -> str:
    return "u" if algorithm in _BASE64URL else "z"
