"""CBOR (RFC 8949), read within bounds: what a signature, a proof value or a status list is written in.

The shape is walked before anything is decoded: size, depth and the number of items are bounded, and what
a decoder gives a meaning of its own (dates, regular expressions, shared values) is refused by its tag.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from testamur.errors import Malformed

MAX_BYTES = 4_000_000
MAX_DEPTH = 16
MAX_ITEMS = 100_000

_ARRAY, _MAP, _TAG, _SIMPLE = 4, 5, 6, 7
_LENGTHS = {24: 1, 25: 2, 26: 4, 27: 8}
_PLAIN = frozenset((20, 21, 22, 25, 26, 27))  # false, true, null and the floats


def parse_cbor(
    raw: bytes, *, tags: Collection[int] = (), max_bytes: int = MAX_BYTES, max_items: int = MAX_ITEMS
) -> Any:
    """The one value of some bytes: maps, lists, integers, floats, texts, bytes, booleans and None.

    Raises Malformed for anything else: a tag that is not named, a length that is not said beforehand,
    a key that is there twice, bytes after the end. A tag comes back as ``cbor2.CBORTag``.
    """
    import cbor2

    if len(raw) > max_bytes:
        raise _broken(f"it is longer than {max_bytes} bytes")
    _check_shape(raw, frozenset(tags), max_items)
    try:
        return cbor2.loads(raw, max_depth=MAX_DEPTH, allow_indefinite=False, allow_duplicate_keys=False)
    except (cbor2.CBORError, ValueError, TypeError, RecursionError) as error:
        raise _broken(str(error)) from None


def write_cbor(value: Any) -> bytes:
    """The deterministic encoding of a value (RFC 8949 §4.2): shortest forms, keys in order."""
    import cbor2

    return cbor2.dumps(value, canonical=True)


def tagged(tag: int, value: Any) -> Any:
    """A value under a tag, to be written."""
    import cbor2

    return cbor2.CBORTag(tag, value)


def _check_shape(raw: bytes, tags: frozenset[int], max_items: int) -> None:
    """Walk over every item once; ``left`` counts what the open containers still wait for."""
    left: list[int] = [1]
    place = items = 0
    while left:
        if left[-1] == 0:
            left.pop()
            continue
        left[-1] -= 1
        items += 1
        if items > max_items:
            raise _broken(f"it has more than {max_items} items")
        kind, size, place = _head(raw, place)
        inner = _inner(kind, size, tags)
        if kind in (2, 3):
            place += size
        if place > len(raw):
            raise _broken("it is cut off")
        if inner:
            left.append(inner)
            if len(left) > MAX_DEPTH:
                raise _broken(f"it is nested more than {MAX_DEPTH} deep")
    if place != len(raw):
        raise _broken("something stands after its end")


def _inner(kind: int, size: int, tags: frozenset[int]) -> int:
    """How many items stand inside this one."""
    if kind == _TAG:
        if size not in tags:
            raise _broken(f"the tag {size} does not belong here")
        return 1
    return size * 2 if kind == _MAP else size if kind == _ARRAY else 0


def _head(raw: bytes, place: int) -> tuple[int, int, int]:
    """Major type and argument of the item at a place, and where its content begins (RFC 8949 §3)."""
    if place >= len(raw):
        raise _broken("it is cut off")
    kind, short = raw[place] >> 5, raw[place] & 31
    if kind == _SIMPLE and short not in _PLAIN:
        raise _broken("a simple value that is not known here")
    if short < 24:
        return kind, short, place + 1
    if short not in _LENGTHS:
        raise _broken("a length that is not said beforehand")
    end = place + 1 + _LENGTHS[short]
    return kind, int.from_bytes(raw[place + 1 : end], "big"), end


def _broken(message: str) -> Malformed:
    return Malformed("", f"not usable as CBOR: {message}", clause="RFC 8949 §3")
