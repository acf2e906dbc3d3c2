"""Text as short bytes: what a reader can work out again is left out (docs/paper-code.md §4).

Control bytes, which JSON text never holds, stand for a UUID, an instant, a number, the issuer's host or a
change of script. The *values* behind them lie apart as plain binary, where they cost less than in the
compressed text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from testamur.errors import Malformed

MAX_TEXT = 65_536
MAX_VALUES = 255

UUID, MIDNIGHT, INSTANT, NUMBER, AGAIN, EPOCH, HOST, SCRIPT = range(1, 9)
_SLOTS = range(16, 32)  # a change to one of the first sixteen scripts of the text

_TOKENS = re.compile(
    r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
    r"|(\d{4}-\d\d-\d\d)T00:00:00Z"
    r"|(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"
    r"|(?<=[\"#])([1-9]\d{2,7})(?=\")"
    r"|(?<=:)([1-9]\d{9})(?=[,}])",
    re.ASCII,
)
_KINDS = (UUID, MIDNIGHT, INSTANT, NUMBER, EPOCH)
_ISSUER = re.compile(r'"did:web:([a-z0-9][a-z0-9.-]{2,252})["#:]', re.ASCII)
_HOST = re.compile(r"(?:[a-z0-9][a-z0-9.-]{2,252})?", re.ASCII)
_DAY_ONE = datetime(1970, 1, 1, tzinfo=UTC)


class Packed(NamedTuple):
    """The marked text with the host before it, and the values in reading order."""

    text: bytes
    values: bytes


class _Mark(NamedTuple):
    kind: int
    value: bytes


def pack(text: str) -> Packed:
    """The shorter of two ways, UTF-8 or bytes in the scripts of the text; raises Malformed on control characters."""
    if any(character < " " for character in text):
        raise Malformed("", "a token for paper has no line breaks or control characters in its JSON")
    found = _ISSUER.search(text)
    host = found.group(1) if found else ""
    pieces = list(_pieces(text, host))
    ways = [way for scripts in (False, True) if (way := _write(pieces, scripts=scripts))]
    best = min(ways, key=lambda way: len(way.text) + len(way.values))
    return Packed(host.encode("ascii") + b"\0" + best.text, best.values)


def unpack(packed: Packed) -> str:
    """The text again; raises Malformed where a value is missing, left over or out of range."""
    head, mark, body = packed.text.partition(b"\0")
    host = head.decode("ascii", "replace")
    if not mark or not _HOST.fullmatch(host):
        raise _broken()
    values = _Values(packed.values)
    text = _read(body, host, values)
    if values.rest:
        raise _broken()
    return text


def _pieces(text: str, host: str) -> Iterator[str | _Mark]:
    """Plain text and marks, in order; what does not fit into its value stays text."""
    last, position, room = b"", 0, MAX_VALUES - 2 * len(_SLOTS)
    for found in _TOKENS.finditer(text):
        kind = _KINDS[(found.lastindex or 1) - 1]
        value = _VALUES[kind].shorten(found.group())
        again = kind == NUMBER and value == last
        if value is None or (len(value) > room and not again):
            continue
        yield from _hosts(text[position : found.start()], host)
        yield _Mark(AGAIN, b"") if again else _Mark(kind, value)
        position, room = found.end(), room - (0 if again else len(value))
        last = value if kind == NUMBER else last
    yield from _hosts(text[position:], host)


def _hosts(text: str, host: str) -> Iterator[str | _Mark]:
    parts = text.split(host) if host else [text]
    yield parts[0]
    for part in parts[1:]:
        yield _Mark(HOST, b"")
        yield part


def _write(pieces: list[str | _Mark], *, scripts: bool) -> Packed | None:
    """The pieces as bytes; nothing where the text has more scripts than there are slots."""
    text, values, slots = bytearray(), bytearray(), list[int]()
    current = -1
    for piece in pieces:
        if isinstance(piece, _Mark):
            text.append(piece.kind)
            values += piece.value
        elif not scripts:
            text += piece.encode("utf-8")
        else:
            for block, characters in groupby(map(ord, piece), lambda point: point >> 7):
                if block and block != current:
                    if block not in slots:
                        slots.append(block)
                        text.append(SCRIPT)
                        values += block.to_bytes(2, "big")
                    else:
                        text.append(_SLOTS[0] + slots.index(block))
                    current = block
                text += bytes(point & 127 | (128 if block else 0) for point in characters)
            if len(slots) > len(_SLOTS):
                return None
    return Packed(bytes(text), bytes(values))


class _Values:
    """The values, taken from the front."""

    def __init__(self, data: bytes) -> None:
        self.rest = data

    def take(self, size: int) -> bytes:
        if len(self.rest) < size:
            raise _broken()
        taken, self.rest = self.rest[:size], self.rest[size:]
        return taken


def _read(body: bytes, host: str, values: _Values) -> str:
    text, size, number = list[str](), 0, ""
    slots, current = list[int](), 0
    for run in re.findall(rb"[\x20-\x7f]+|[\x80-\xff]+|[\x00-\x1f]", body):
        mark = run[0]
        part = ""
        if 32 <= mark < 128:
            part = run.decode("ascii")
        elif mark >= 128:
            part = _foreign(run, current)
        elif mark == HOST and host:
            part = host
        elif mark == AGAIN and number:
            part = number
        elif mark == SCRIPT:
            current = int.from_bytes(values.take(2), "big")
            slots.append(current)
        elif mark in _SLOTS and mark - _SLOTS[0] < len(slots):
            current = slots[mark - _SLOTS[0]]
        elif mark in _VALUES:
            part = _VALUES[mark].restore(values.take(_VALUES[mark].size))
            number = part if mark == NUMBER else number
        else:
            raise _broken()
        text.append(part)
        size += len(part)
        if size > MAX_TEXT:
            raise Malformed("", f"it unpacks to more than {MAX_TEXT} characters")
    return "".join(text)


def _foreign(run: bytes, script: int) -> str:
    """Characters past ASCII: UTF-8 until a script is named, then one byte each."""
    try:
        if not script:
            return run.decode("utf-8")
        text = "".join(chr(script << 7 | byte & 127) for byte in run)
        text.encode("utf-8")
    except ValueError:  # UnicodeError is one; so is a code point past the last
        raise _broken() from None
    return text


class _Value(NamedTuple):
    size: int
    number: Callable[[str], int]
    text: Callable[[int], str]

    def shorten(self, text: str) -> bytes | None:
        """The value in its few bytes, or None where these would not give the same text again."""
        try:
            value = self.number(text).to_bytes(self.size, "big")
            return value if self.restore(value) == text else None
        except (ValueError, OverflowError):
            return None

    def restore(self, value: bytes) -> str:
        return self.text(int.from_bytes(value, "big"))


def _uuid(number: int) -> str:
    digits = f"{number:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _instant(seconds: int) -> str:
    return (_DAY_ONE + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


_VALUES = {
    UUID: _Value(16, lambda text: int(text.replace("-", ""), 16), _uuid),
    MIDNIGHT: _Value(2, lambda text: _seconds(text) // 86_400, lambda days: _instant(days * 86_400)),
    INSTANT: _Value(4, _seconds, _instant),
    NUMBER: _Value(3, int, str),
    EPOCH: _Value(4, int, str),
}


def _broken() -> Malformed:
    return Malformed("", "the unpacked text is not one that a paper code holds")
