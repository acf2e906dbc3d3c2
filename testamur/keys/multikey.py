"""Multikey text: ``z``, base58btc of a two-byte prefix and the key (CID §2.2.2)."""

from __future__ import annotations

from testamur.encoding import decode_base58, encode_base58
from testamur.errors import Malformed, Unsupported

# algorithm: (prefix of the public key, prefix of the secret key)
_PREFIXES = {
    "Ed25519": (b"\xed\x01", b"\x80\x26"),
    "P-256": (b"\x80\x24", b"\x86\x26"),
    "P-384": (b"\x81\x24", b"\x87\x26"),
    "P-521": (b"\x82\x24", b"\x88\x26"),  # did:key only, not in CID
}
_KNOWN_OTHERS = {
    b"\xeb\x01": "BLS12-381",
    b"\x86\x24": "SM2",
    b"\xec\x01": "X25519",
    b"\xe7\x01": "secp256k1",
}
_MAX_TEXT = 256


def write_public(algorithm: str, raw: bytes) -> str:
    """The ``publicKeyMultibase`` of a key; raises Unsupported for RSA, which has none."""
    return _write(algorithm, raw, 0)


def write_secret(algorithm: str, secret: bytes) -> str:
    """The ``secretKeyMultibase`` of a secret."""
    return _write(algorithm, secret, 1)


def read_public(text: object) -> tuple[str, bytes]:
    """Algorithm and key of a ``publicKeyMultibase``; raises Malformed or Unsupported."""
    return _read(text, 0, "publicKeyMultibase")


def read_secret(text: object) -> tuple[str, bytes]:
    """Algorithm and secret of a ``secretKeyMultibase``; the older 64 bytes of Ed25519 (seed, public key) too."""
    algorithm, secret = _read(text, 1, "secretKeyMultibase")
    if algorithm == "Ed25519" and len(secret) == 64:
        secret = secret[:32]
    return algorithm, secret


def _write(algorithm: str, raw: bytes, side: int) -> str:
    try:
        prefix = _PREFIXES[algorithm][side]
    except KeyError:
        raise Unsupported(f"{algorithm} keys have no Multikey form", clause="CID §2.2.2") from None
    return "z" + encode_base58(prefix + raw)


def _read(text: object, side: int, path: str) -> tuple[str, bytes]:
    if not isinstance(text, str) or text[:1] != "z" or len(text) > _MAX_TEXT:
        raise Malformed(path, "this is not a Multikey, which begins with z", clause="CID §2.2.2")
    data = decode_base58(text[1:])
    for algorithm, prefixes in _PREFIXES.items():
        if data[:2] == prefixes[side]:
            return algorithm, data[2:]
    kind = _KNOWN_OTHERS.get(data[:2], f"the prefix {data[:2].hex()}" if side == 0 else "this prefix")
    raise Unsupported(f"Multikeys of {kind} are not supported for signatures", clause="CID §2.2.2")
