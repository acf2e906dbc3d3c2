"""Bytes to text and back: base64url, base58btc, multibase, multihash. Strict both ways.

Each decoder accepts exactly the texts its encoder writes, so that no two texts stand for the same
bytes (a token whose last base64url character was changed within its unused bits is refused).
"""

from __future__ import annotations

import base64
import binascii
from functools import cache
from hashlib import sha256, sha384

from testamur.errors import Malformed, Unsupported

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

_ALPHABET = BASE58.encode()
_DIGITS = bytes.maketrans(_ALPHABET, bytes(range(58)))
_CHARACTERS = bytes.maketrans(bytes(range(58)), _ALPHABET)
_TO_BASE64URL = bytes.maketrans(b"+/", b"-_")
_FROM_BASE64URL = bytes.maketrans(b"-_+/=", b"+/!!!")  # what base64 alone has becomes a sign of neither
_PADDING = (b"", b"===", b"==", b"=")
_BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_LAST = (_BASE64URL, _BASE64URL[::16], _BASE64URL[::4])  # the last character, by how many bytes are over
_MAX_BASE58 = 8192  # no key or signature here is longer


def encode_base64url(data: bytes) -> str:
    """Base64url without padding (RFC 4648 §5)."""
    return binascii.b2a_base64(data, newline=False).translate(_TO_BASE64URL).rstrip(b"=").decode("ascii")


def decode_base64url(text: str) -> bytes:
    """The bytes of unpadded, canonical base64url; raises Malformed on anything else."""
    try:
        padded = text.encode("ascii").translate(_FROM_BASE64URL) + _PADDING[len(text) % 4]
        data = binascii.a2b_base64(padded, strict_mode=True)
    except (UnicodeEncodeError, binascii.Error):
        raise Malformed("", "this is not base64url text") from None
    if text and text[-1] not in _LAST[len(data) % 3]:  # its last bits are no part of the bytes
        raise Malformed("", "this is not canonical base64url text")
    return data


def encode_base58(data: bytes) -> str:
    """Base58 with Bitcoin's alphabet; each leading zero byte is a "1"."""
    lanes = int.from_bytes(data, "big")
    size = 1 << (len(data) * 138 // 100).bit_length()  # room for its digits
    for width, power, reciprocal, shift, quotients in _splits(size):
        high = (lanes * reciprocal >> shift) & quotients
        lanes += (high << width) - high * power
    digits = lanes.to_bytes(2 * size, "big")[1::2].translate(_CHARACTERS).decode().lstrip("1")
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


def decode_base58(text: str) -> bytes:
    """The bytes of a base58btc text; raises Malformed on any other character."""
    if len(text) > _MAX_BASE58:
        raise Malformed("", f"base58 text of {len(text)} characters is too long")
    raw = text.encode("utf-8", "replace")
    if raw.translate(None, _ALPHABET):
        wrong = next(character for character in text if character not in BASE58)
        raise Malformed("", f"{wrong!r} is not a base58 character")
    lanes = int.from_bytes(raw.translate(_DIGITS), "big")
    for width, power, low in _joins(1 << len(text).bit_length()):
        lanes = (lanes & low) + ((lanes >> width) & low) * power
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + lanes.to_bytes((lanes.bit_length() + 7) // 8, "big")


# Digits stand side by side in one long integer, each in a lane of its own, and every step works on all lanes
# at once: two numbers of n digits become one of 2n, or one becomes two.


@cache
def _joins(digits: int) -> tuple[tuple[int, int, int], ...]:
    """Steps from digits of one byte to one number: width of a lane, 58 to the digits in it, mask of the lower ones."""
    widths = [8 * 2**step for step in range(digits.bit_length() - 1)]
    return tuple(
        (width, 58 ** (width // 8), _in_each(8 * digits, 2 * width, (1 << width) - 1)) for width in widths
    )


@cache
def _splits(digits: int) -> tuple[tuple[int, int, int, int, int], ...]:
    """Steps back, to digits of two bytes: a lane is divided by multiplying with a reciprocal, rounded up.

    The quotient is exact: a number is less than 2**(shift - bits of the power), so the rounding adds less than 1.
    """
    steps = []
    for step in reversed(range(digits.bit_length() - 1)):
        width = 16 * 2**step
        power = 58 ** (width // 16)
        shift = (power * power).bit_length() + power.bit_length()
        quotients = _in_each(16 * digits, 2 * width, (1 << (2 * width - shift)) - 1)
        steps.append((width, power, -(-(1 << shift) // power), shift, quotients))
    return tuple(steps)


def _in_each(size: int, width: int, value: int) -> int:
    """A number of so many bits that holds the value in each lane."""
    return value * (((1 << size) - 1) // ((1 << width) - 1))


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
