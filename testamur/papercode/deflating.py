"""Raw DEFLATE (RFC 1951) with a dictionary before it: the shortest parse we can find, and a bounded reader.

A paper code is a few hundred bytes, too short for a Huffman table of its own to pay for itself most of the
time; so the fixed code is searched exhaustively (every position, every match length) and zlib's best
attempts are kept where they are shorter.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain, islice

from testamur.errors import Malformed

_WINDOW = 32768
_LONGEST = 258
_CHAIN = 200  # candidates looked at for each position: enough for every repeat in a small dictionary
_SHORT = 24  # a match this long or longer is taken whole: stopping early hardly ever pays


def deflate(data: bytes, dictionary: bytes) -> bytes:
    """The shortest stream found; any inflater primed with the dictionary reads it."""
    streams = [_zlib_deflate(data, dictionary, memory, strategy) for memory, strategy in _ATTEMPTS]
    return min((_fixed_deflate(data, dictionary), *streams), key=len)


def inflate(stream: bytes, dictionary: bytes, limit: int) -> bytes:
    """The data of one whole stream; raises Malformed on damage, on bytes after it and past the limit."""
    engine = zlib.decompressobj(-15, zdict=dictionary)
    try:
        data = engine.decompress(stream, limit + 1)
    except zlib.error:
        raise Malformed("", "the compressed part is damaged", clause="RFC 1951") from None
    if len(data) > limit:
        raise Malformed("", f"it unpacks to more than {limit} bytes")
    if not engine.eof or engine.unused_data:
        raise Malformed("", "the compressed part is cut short or has something after it", clause="RFC 1951")
    return data


_ATTEMPTS = [
    (memory, strategy) for memory in (8, 9) for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FILTERED)
]


def _zlib_deflate(data: bytes, dictionary: bytes, memory: int, strategy: int) -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, -15, memory, strategy, dictionary)
    return engine.compress(data) + engine.flush()


def _fixed_deflate(data: bytes, dictionary: bytes) -> bytes:
    """One final block in the fixed Huffman code, by the cheapest path through literals and matches."""
    bits, count = 0b011, 3  # BFINAL, BTYPE 01; least significant bit first
    position, end = 0, len(data)
    steps = _cheapest_steps(data, dictionary)
    while position < end:
        length, distance = steps[position]
        if distance:
            code, width = _length_code(length)
            bits |= code << count
            count += width
            code, width = _distance_code(distance)
        else:
            code, width = _literal_code(data[position])
        bits |= code << count
        count += width
        position += length
    count += 7  # the end of the block is seven zero bits
    return bits.to_bytes((count + 7) // 8, "little")


def _cheapest_steps(data: bytes, dictionary: bytes) -> list[tuple[int, int]]:
    """From each position the step (length, distance; 0 for a literal) that begins the cheapest way to the end."""
    end = len(data)
    cost = [0] * (end + 1)
    steps = [(1, 0)] * end
    matches = _matches(data, dictionary)
    for position in range(end - 1, -1, -1):
        best, step = cost[position + 1] + _literal_code(data[position])[1], (1, 0)
        shortest = 3
        for length, distance in matches[position]:
            price = _distance_code(distance)[1]
            for size in (*range(shortest, min(length, _SHORT)), length):
                total = cost[position + size] + price + _length_code(size)[1]
                if total < best:
                    best, step = total, (size, distance)
            shortest = length + 1
        cost[position], steps[position] = best, step
    return steps


def _matches(data: bytes, dictionary: bytes) -> list[list[tuple[int, int]]]:
    """For each position the matches that are longer than every nearer one, nearest first."""
    before = dictionary[-_WINDOW:]
    text, start = before + data, len(before)
    old, new = _places(before), dict[bytes, list[int]]()
    found: list[list[tuple[int, int]]] = []
    for position in range(max(0, start - 2), len(text) - 2):
        key = text[position : position + 3]
        if position >= start:
            places = chain(reversed(new.get(key, ())), reversed(old.get(key, ())))
            found.append(_longer_and_longer(text, position, islice(places, _CHAIN)))
        new.setdefault(key, []).append(position)
    return found + [[] for _ in range(len(data) - len(found))]


def _longer_and_longer(text: bytes, position: int, places: Iterable[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    longest, limit = 2, min(_LONGEST, len(text) - position)
    for place in places:
        if position - place > _WINDOW:
            break
        if text[place : place + longest + 1] == text[position : position + longest + 1]:
            length = longest + 1
            while (
                text[place + length : place + length + 16] == text[position + length : position + length + 16]
            ):
                length += 16
                if length >= limit:
                    break
            length = min(length, limit)
            while length < limit and text[place + length] == text[position + length]:
                length += 1
            longest = length
            found.append((length, position - place))
            if length == limit:
                break
    return found


@lru_cache(maxsize=4)
def _places(dictionary: bytes) -> dict[bytes, list[int]]:
    """Where each three bytes of the dictionary stand."""
    places: dict[bytes, list[int]] = {}
    for position in range(len(dictionary) - 2):
        places.setdefault(dictionary[position : position + 3], []).append(position)
    return places


def _huffman(code: int, width: int) -> int:
    """A Huffman code as it is written: most significant bit first (RFC 1951 §3.1.1)."""
    return int(f"{code:0{width}b}"[::-1], 2)


@lru_cache(maxsize=256)
def _literal_code(byte: int) -> tuple[int, int]:
    """The fixed code of a literal (RFC 1951 §3.2.6)."""
    return (_huffman(0x30 + byte, 8), 8) if byte < 144 else (_huffman(0x190 + byte - 144, 9), 9)


@lru_cache(maxsize=_LONGEST)
def _length_code(length: int) -> tuple[int, int]:
    """The fixed code of a match length with its extra bits (RFC 1951 §3.2.5)."""
    symbol, extra, base = _bucket(length - 3, 4) if length < _LONGEST else (28, 0, length - 3)
    symbol += 257
    code, width = (_huffman(symbol - 256, 7), 7) if symbol < 280 else (_huffman(0xC0 + symbol - 280, 8), 8)
    return code | (length - 3 - base) << width, width + extra


@lru_cache(maxsize=_WINDOW)
def _distance_code(distance: int) -> tuple[int, int]:
    symbol, extra, base = _bucket(distance - 1, 2)
    return _huffman(symbol, 5) | (distance - 1 - base) << 5, 5 + extra


def _bucket(value: int, steps: int) -> tuple[int, int, int]:
    """The symbol, number of extra bits and first value: ``steps`` symbols to each power of two."""
    if value < 2 * steps:
        return value, 0, value
    extra = value.bit_length() - steps.bit_length()
    step = value >> extra  # steps .. 2*steps-1
    return steps * (extra + 1) + step - steps, extra, step << extra
