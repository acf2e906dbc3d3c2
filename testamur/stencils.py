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
