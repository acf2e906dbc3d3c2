"""Looking for names in everything a program may have left behind, however they are written there."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

_SMALLEST = 12
_MAX_INFLATED = 20_000_000


def written(name: str) -> Iterator[bytes]:
    """The ways in which a name may stand in a file."""
    raw = name.encode()
    yield raw
    yield name.encode("utf-16-le")
    yield name.encode("utf-16-be")
    yield json.dumps(name)[1:-1].encode()
    yield raw.hex().encode()
    for shift in range(3):  # base64, wherever in its threes the name begins
        inner = base64.b64encode(b"x" * shift + raw)[4 if shift else 0 : -4]
        if len(inner) >= _SMALLEST:
            yield inner
            yield inner.replace(b"+", b"-").replace(b"/", b"_")


def inflated(data: bytes) -> Iterator[bytes]:
    """The data, and what unpacks out of it wherever a stream of gzip, zlib or a ZIP begins."""
    yield data
    for place in range(len(data) - 2):
        head = data[place : place + 2]
        if head == b"\x1f\x8b":
            wbits, start = 31, place
        elif head[0] == 0x78 and head[1] in (0x01, 0x5E, 0x9C, 0xDA):
            wbits, start = 15, place
        elif data[place : place + 4] == b"PK\x03\x04" and len(data) > place + 30:
            names = int.from_bytes(data[place + 26 : place + 28], "little")
            more = int.from_bytes(data[place + 28 : place + 30], "little")
            wbits, start = -15, place + 30 + names + more
        else:
            continue
        try:
            yield zlib.decompressobj(wbits).decompress(data[start:], _MAX_INFLATED)
        except zlib.error:
            continue


def found(name: str, data: bytes) -> bool:
    """Whether the name is in the data."""
    ways = list(written(name))
    return any(way in part for part in inflated(data) for way in ways)


def left_in(folder: Path, names: list[str]) -> list[str]:
    """The files that hold, or are called, one of the names."""
    left = []
    for path in sorted(folder.rglob("*")):
        data = path.name.encode() + b"\n" + (path.read_bytes() if path.is_file() else b"")
        left += [f"{path}: {name}" for name in names if found(name, data)]
    return left


def packed(data: bytes) -> bytes:
    """Something gzipped, for the test of this test."""
    return gzip.compress(data)
