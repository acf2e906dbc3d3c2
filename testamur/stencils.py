"""A text with holes: cut once from a sample, then filled with other values again and again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

Piece = str | int
"""A text that stays, or the number of the value that goes there."""


class Stencil:
    """A text with holes; ``holes`` are the numbers of the values that fill them."""

    __slots__ = ("_form", "_pick", "holes")

    def __init__(self, pieces: Iterable[Piece]) -> None:
        parts = list(pieces)
        self.holes = tuple(part for part in parts if type(part) is int)
        self._form = "".join("%s" if type(part) is int else str(part).replace("%", "%%") for part in parts)
        self._pick: Callable[[Sequence[Any]], Any] = itemgetter(*self.holes) if self.holes else _nothing

    def fill(self, values: Sequence[Any]) -> str:
        """The text with these values in its holes, each a string or a number."""
        text: str = self._form % self._pick(values)
        return text


class ByteStencil:
    """A text with holes in UTF-8, and as bytes is what it is filled with; the fastest for many holes."""

    __slots__ = ("_fixed", "_pick")

    def __init__(self, pieces: Iterable[Piece], count: int) -> None:
        """``count`` is how many values it will be given."""
        parts = [*pieces, "", ""]
        self._fixed = [part.encode() for part in parts if isinstance(part, str)]
        fixed = iter(range(count, count + len(self._fixed)))
        self._pick = itemgetter(*[next(fixed) if isinstance(part, str) else part for part in parts])

    def fill(self, values: list[bytes]) -> bytes:
        """The text with these values in its holes."""
        return b"".join(self._pick(values + self._fixed))


def pieces(text: str, marks: re.Pattern[str], number: Callable[[re.Match[str]], int]) -> tuple[Piece, ...]:
    """Cut a text at its marks; ``number`` says which value a mark stands for."""
    found: list[Piece] = []
    start = 0
    for mark in marks.finditer(text):
        found += [text[start : mark.start()], number(mark)]
        start = mark.end()
    return tuple(part for part in (*found, text[start:]) if part != "")


def _nothing(values: Sequence[Any]) -> tuple[()]:
    return ()
