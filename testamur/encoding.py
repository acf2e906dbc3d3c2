"""Bytes to text and back: base64url, base58btc, multibase, multihash. Strict both ways.

Each decoder accepts exactly the texts its encoder writes, so that no two texts stand for the same
bytes (a token whose last base64url character was changed within its unused bits is refused).
"""

from __future__ import annotations

import base64
import binascii
from hashlib import sha256, sha384

from testamur.errors import Malformed, Unsupported

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

_PAIRS = [first + second for first in BASE58 for second in BASE58]
_TEN_DIGITS = 58**10
_DIGIT = {character: value for value, character in enumerate(BASE58)}
_TO_BASE64 = bytes.maketrans(b"-_", b"+/")
_MAX_BASE58 = 8192  # the decoder is quadratic: no key or signature here is longer


def encode_base64url(data: bytes) -> str:
    """Base64url without padding (RFC 4648 §5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode_base64url(text: str) -> bytes:
    """The bytes of unpadded, canonical base64url; raises Malformed on anything else."""
    if not text.isascii() or "+" in text or "/" in text or "=" in text:
        raise Malformed("", "this is not base64url text")
    padded = text.encode("ascii").translate(_TO_BASE64) + b"=" * (-len(text) % 4)
    try:
        data = binascii.a2b_base64(padded, strict_mode=True)
    except binascii.Error:
        raise Malformed("", "this is not base64url text") from None
    left = len(data) % 3
    if left and encode_base64url(data[-left:])[-1] != text[-1]:  # its last bits are no part of the bytes
        raise Malformed("", "this is not canonical base64url text")
    return data


def encode_base58(data: bytes) -> str:
    """Base58 with Bitcoin's alphabet; each leading zero byte is a "1"."""
    number = int.from_bytes(data, "big")
    pairs: list[str] = []
    while number:  # ten digits at a time fit a machine word
        number, rest = divmod(number, _TEN_DIGITS)
        for _ in range(5):
            rest, pair = divmod(rest, 58 * 58)
            pairs.append(_PAIRS[pair])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(pairs)).lstrip("1")


def decode_base58(text: str) -> bytes:
    """The bytes of a base58btc text; raises Malformed on any other character."""
    if len(text) > _MAX_BASE58:
        raise Malformed("", f"base58 text of {len(text)} characters is too long")
    number = 0
    for character in text:
        value = _DIGIT.get(character)
        if value is None:
            raise Malformed("", f"{character!r} is not a base58 character")
        number = number * 58 + value
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def encode_multibase(data: bytes, base: str = "z") -> str:
    """Multibase text: "z" base58btc or "u" base64url (CID §2.4)."""
    if base == "z":
        return "z" + encode_base58(data)
    if base == "u":
        return "u" + encode_base64url(data)
    raise Unsupported(f"multibase {base!r} is not supported", clause="CID §2.4")


def decode_multibase(text: str) -> bytes:
    """The bytes of a "z" or "u" multibase text; raises Malformed on any other."""
    if text[:1] == "z":
        return decode_base58(text[1:])
    if text[:1] == "u":
        return decode_base64url(text[1:])
    raise Malformed("", "multibase text must begin with z or u", clause="CID §2.4")


def digest_multibase(data: bytes, base: str = "u") -> str:
    """The SHA-256 multihash of some bytes as multibase (CID §2.5), as ``digestMultibase`` carries it."""
    return encode_multibase(b"\x12\x20" + sha256(data).digest(), base)


def digest_matches(digest: str, data: bytes) -> bool:
    """Whether a multibase multihash (SHA-256 or SHA-384) or an SRI digest is the one of these bytes."""
    if digest.startswith(("sha256-", "sha384-")):
        name, _, text = digest.partition("-")
        actual = (sha256 if name == "sha256" else sha384)(data).digest()
        return base64.b64encode(actual).decode("ascii") == text
    raw = decode_multibase(digest)
    if raw[:2] == b"\x12\x20":
        return raw[2:] == sha256(data).digest()
    if raw[:2] == b"\x20\x30":
        return raw[2:] == sha384(data).digest()
    raise Unsupported("only SHA-256 and SHA-384 digests are supported", clause="CID §2.5")


def signed_text(text: str) -> str:
    """A document's text without what its holder adds or leaves out: of an SD-JWT the token, else all of it."""
    text = text.strip()
    return text.partition("~")[0] if text.startswith("eyJ") else text
