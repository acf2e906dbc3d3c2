"""A film of codes: a text too long for one QR code, shown as one after the other until all were seen.

A frame is ``TF1/<digest>/<number>/<count>/<part>``: the first eight digits of the SHA-256 of the deflated
text, the frame's number from 1, how many there are, and a part in base 45 (RFC 9285). Every character is of
QR's alphanumeric set, and frames are taken in any order.
"""

from __future__ import annotations

import re
import zlib
from hashlib import sha256

from testamur.errors import Malformed

MAX_FRAMES = 200
MAX_TEXT = 400_000
FRAME_BYTES = 300
"""About version 13 at level M, which a camera reads at arm's length."""

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_FRAME = re.compile(
    r"TF1/([0-9A-F]{8})/([1-9][0-9]{0,2})/([1-9][0-9]{0,2})/([0-9A-Z $%*+./:-]{2,1200})", re.ASCII
)


def film_frames(text: str, *, frame_bytes: int = FRAME_BYTES) -> list[str]:
    """The texts of the codes, in order; raises Malformed for a text that is too long."""
    data = zlib.compress(text.encode("utf-8"), 9)
    parts = [data[start : start + frame_bytes] for start in range(0, len(data), frame_bytes)]
    if len(text) > MAX_TEXT or len(parts) > MAX_FRAMES:
        raise Malformed("", f"it is too long to be shown as codes: {len(parts)} would be needed")
    name = _name(data)
    return [f"TF1/{name}/{number}/{len(parts)}/{encode_base45(part)}" for number, part in enumerate(parts, 1)]


def is_frame(text: str) -> bool:
    """Whether the text of a code is a frame of a film."""
    return text.startswith("TF1/") and _FRAME.fullmatch(text) is not None


class Film:
    """What was seen of a film so far; a frame of another film begins that one."""

    def __init__(self) -> None:
        self._name = ""
        self._parts: dict[int, bytes] = {}
        self.count = 0

    @property
    def seen(self) -> int:
        """How many different frames."""
        return len(self._parts)

    def add(self, frame: str) -> str | None:
        """The whole text once its last missing frame was added, else None; raises Malformed."""
        match = _FRAME.fullmatch(frame)
        if match is None:
            raise Malformed("", "this is no frame of a film")
        name, number, count, part = match[1], int(match[2]), int(match[3]), decode_base45(match[4])
        if not 0 < number <= count <= MAX_FRAMES:
            raise Malformed("", "this frame belongs to no film")
        if (name, count) != (self._name, self.count):
            self._name, self.count, self._parts = name, count, {}
        self._parts[number] = part
        return self._whole() if self.seen == count else None

    def _whole(self) -> str:
        data = b"".join(self._parts[number] for number in range(1, self.count + 1))
        if _name(data) != self._name:
            self._parts = {}
            raise Malformed("", "the frames do not belong together")
        inflate = zlib.decompressobj()
        try:
            text = inflate.decompress(data, 4 * MAX_TEXT)
            if not inflate.eof or inflate.unused_data:
                raise Malformed("", "the film is longer than can be read")
            return text.decode("utf-8")
        except (zlib.error, UnicodeDecodeError):
            raise Malformed("", "the film is damaged") from None


def encode_base45(data: bytes) -> str:
    """Base 45 (RFC 9285 §3)."""
    found = []
    for start in range(0, len(data), 2):
        pair = data[start : start + 2]
        value = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            value, digit = divmod(value, 45)
            found.append(_LETTERS[digit])
    return "".join(found)


def decode_base45(text: str) -> bytes:
    """The bytes; raises Malformed where no bytes are written so."""
    found = bytearray()
    for start in range(0, len(text), 3):
        group = text[start : start + 3]
        value = sum(_place(letter) * 45**power for power, letter in enumerate(group))
        size = len(group) - 1
        if size == 0 or value >= 256**size:
            raise Malformed("", "this is not base 45", clause="RFC 9285 §6")
        found += value.to_bytes(size, "big")
    return bytes(found)


def _place(letter: str) -> int:
    place = _LETTERS.find(letter)
    if place < 0:
        raise Malformed("", "this is not base 45", clause="RFC 9285 §6")
    return place


def _name(data: bytes) -> str:
    return sha256(data).hexdigest()[:8].upper()
