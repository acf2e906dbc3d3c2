"""The values of a token status list: packed from the least significant bit, in a zlib stream (TSL §4)."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import lru_cache

from testamur.encoding import decode_base64url, encode_base64url
from testamur.errors import EvidenceUnusable, Malformed
from testamur.jsontext import Json
from testamur.status.bitstring import LIST_SIZE, MAX_BYTES
from testamur.status.values import UNUSABLE
from testamur.words import because

BITS = (1, 2, 4, 8)
_MAX_PACKED = 3_000_000  # of text or bytes; what a token of the size that is read can hold
_MAX_REMEMBERED = 64 * 1024


def pack(values: Mapping[int, int], bits: int = 2, size: int = LIST_SIZE) -> bytes:
    """Return the compressed ``lst`` of these values by index, all others being 0; raises Malformed."""
    if bits not in BITS or not 0 < size * bits <= MAX_BYTES * 8:
        raise Malformed("status_list", f"{size} entries of {bits} bits do not make a list", clause="TSL §4.1")
    packed = bytearray(-(-size * bits // 8))
    for index, value in values.items():
        if not 0 <= index < size or not 0 <= value < 1 << bits:
            raise Malformed(
                "status_list",
                f"{value} at {index} is outside {size} entries of {bits} bits",
                clause="TSL §4.1",
            )
        packed[index * bits >> 3] |= value << (index * bits & 7)
    return zlib.compress(packed, 9)


def json_list(packed: bytes, bits: int) -> Json:
    """Return the ``status_list`` claim of a JWT (TSL §4.2)."""
    return {"bits": bits, "lst": encode_base64url(packed)}


def packed_value(status_list: object, index: int) -> int:
    """Return the value at an index of a ``status_list`` claim; raises EvidenceUnusable.

    ``lst`` is base64url text in a JWT and bytes in a CWT.
    """
    if not isinstance(status_list, dict):
        raise _unusable("it has no status_list")
    bits = status_list.get("bits")
    if isinstance(bits, bool) or not isinstance(bits, int) or bits not in BITS:
        raise _unusable(f"its bits are {bits!r:.20}, not 1, 2, 4 or 8")
    values = _unpacked(status_list.get("lst"))
    place = index * bits
    if index < 0 or place >= len(values) * 8:
        raise _unusable(f"it does not reach the index {index}")
    return (values[place >> 3] >> (place & 7)) & ((1 << bits) - 1)


def _unpacked(packed: object) -> bytes:
    if not isinstance(packed, str | bytes) or len(packed) > _MAX_PACKED:
        raise _unusable("its lst is missing or too long")
    return _remembered(packed) if len(packed) <= _MAX_REMEMBERED else _unpack(packed)


def _unpack(packed: str | bytes) -> bytes:
    inflate = zlib.decompressobj()
    try:
        raw = decode_base64url(packed) if isinstance(packed, str) else packed
        values = inflate.decompress(raw, MAX_BYTES + 1)
    except (Malformed, zlib.error):
        raise _unusable("its lst is not a zlib stream") from None
    if len(values) > MAX_BYTES:
        raise _unusable(f"it unpacks to more than {MAX_BYTES} bytes")
    if not inflate.eof or inflate.unused_data:
        raise _unusable("its lst is cut off or has more after its end")
    return values


_remembered = lru_cache(maxsize=8)(_unpack)  # a thousand records of one school name one list


def _unusable(why: str) -> EvidenceUnusable:
    return EvidenceUnusable(because(UNUSABLE, why), clause="TSL §8.3")
