"""The bits of a status list and their text: ``u``, base64url, gzip (BSL §3.3, §3.4)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from functools import lru_cache

from testamur.encoding import decode_base64url, encode_base64url
from testamur.errors import EvidenceUnusable, Malformed
from testamur.status.values import (
    MALFORMED_VALUE_ERROR,
    RANGE_ERROR,
    STATUS_LIST_LENGTH_ERROR,
    STATUS_VERIFICATION_ERROR,
    UNUSABLE,
)
from testamur.words import because

LIST_SIZE = 131_072  # the least a list may have (BSL §6.1)
MAX_BYTES = 4 * 1024 * 1024  # unpacked; thirty-three million entries
_MAX_TEXT = 8 * 1024 * 1024
_MAX_REMEMBERED = 64 * 1024  # of text; eight of them unpack to no more than 32 MB


def encode_list(set_bits: Iterable[int] | bytearray, size: int = LIST_SIZE) -> str:
    """Return the ``encodedList`` of the positions that are set, or of a whole list of bits as a bytearray.

    Raises Malformed for a position outside the list and for a list that is too short to hide in.
    """
    bits = bytes(set_bits) if isinstance(set_bits, bytearray) else _set(set_bits, size)
    if len(bits) * 8 < LIST_SIZE or len(bits) > MAX_BYTES:
        raise Malformed(
            "encodedList",
            f"a list has {LIST_SIZE} to {MAX_BYTES * 8} entries, not {len(bits) * 8}",
            clause="BSL §6.1",
            problem=STATUS_LIST_LENGTH_ERROR,
        )
    deflate = zlib.compressobj(9, zlib.DEFLATED, 31)
    return "u" + encode_base64url(deflate.compress(bits) + deflate.flush())


def _set(positions: Iterable[int], size: int) -> bytes:
    if size % 8 or not 0 < size <= MAX_BYTES * 8:
        raise Malformed("encodedList", f"{size} entries do not make a list", problem=STATUS_LIST_LENGTH_ERROR)
    bits = bytearray(size // 8)
    for position in positions:
        if not 0 <= position < size:
            raise Malformed("encodedList", f"{position} is outside a list of {size}", problem=RANGE_ERROR)
        bits[position >> 3] |= 0x80 >> (position & 7)
    return bytes(bits)


def decode_list(text: object, *, legacy: bool = False) -> bytes:
    """Return the bits of an ``encodedList``; raises EvidenceUnusable on anything but one gzip member.

    ``legacy`` reads StatusList2021, which has no ``u`` before the base64url text.
    """
    if not isinstance(text, str) or len(text) > _MAX_TEXT:
        raise _unusable("its encodedList is missing or too long", MALFORMED_VALUE_ERROR)
    return _remembered(text, legacy) if len(text) <= _MAX_REMEMBERED else _decode(text, legacy)


def _decode(text: str, legacy: bool) -> bytes:
    if not legacy and text[:1] != "u":
        raise _unusable("its encodedList does not begin with u", MALFORMED_VALUE_ERROR)
    try:
        packed = decode_base64url(text.rstrip("=") if legacy else text[1:])
    except Malformed as error:
        raise _unusable(f"its encodedList is broken: {error}", MALFORMED_VALUE_ERROR) from None
    return _unpack(packed)


_remembered = lru_cache(maxsize=8)(_decode)  # a thousand records of one school name one list


def _unpack(packed: bytes) -> bytes:
    inflate = zlib.decompressobj(31)
    try:
        bits = inflate.decompress(packed, MAX_BYTES + 1)
    except zlib.error:
        raise _unusable("its encodedList is not gzip", MALFORMED_VALUE_ERROR) from None
    if len(bits) > MAX_BYTES:
        raise _unusable(f"it unpacks to more than {MAX_BYTES} bytes", STATUS_LIST_LENGTH_ERROR)
    if not inflate.eof or inflate.unused_data:
        raise _unusable("its encodedList is cut off or has more after its end", MALFORMED_VALUE_ERROR)
    return bits


def value_at(bits: bytes, index: int, size: int = 1) -> int:
    """Return the ``size`` bits at ``index``, the first bit being the most significant (BSL §3.2).

    Raises EvidenceUnusable for a list that is too short or does not reach that far: whether the list
    or the entry is wrong cannot be told.
    """
    if len(bits) * 8 // size < LIST_SIZE:
        raise _unusable(f"it has fewer than {LIST_SIZE} entries", STATUS_LIST_LENGTH_ERROR)
    start, end = index * size, (index + 1) * size
    if index < 0 or end > len(bits) * 8:
        raise _unusable(f"it does not reach the index {index}", RANGE_ERROR)
    window = int.from_bytes(bits[start >> 3 : (end + 7) >> 3], "big")
    return (window >> (-end % 8)) & ((1 << size) - 1)


def _unusable(why: str, problem: str = STATUS_VERIFICATION_ERROR) -> EvidenceUnusable:
    return EvidenceUnusable(because(UNUSABLE, why), clause="BSL §3.2", problem=problem)
